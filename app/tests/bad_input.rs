//! What people and machines get wrong, over HTTP: hard names, forms sent twice, wrong files, a full disk, a database
//! that is away. Each is answered in Vietnamese, and nothing is done by halves.

mod away;
mod clock;
mod files;
mod full;
mod names;
mod race;
mod requests;
mod twice;

/// Whether a text is a sentence in Vietnamese for people.
fn is_sentence(text: &str) -> bool {
    let marks = "ăâđêôơưáàảãạấầẩẫậắằẳẵặéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ";
    text.split_whitespace().count() >= 3 && text.to_lowercase().chars().any(|c| marks.contains(c))
}
