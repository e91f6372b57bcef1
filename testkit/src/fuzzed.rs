//! The inputs that the fuzzer begins with, and those that once brought a parser down.

/// Gives each input of a target in `fuzz/` to `read`, which must bear it.
///
/// # Panics
/// There are no seeds, or a file cannot be read.
pub fn each_input(target: &str, read: impl Fn(&[u8])) {
    let fuzz = crate::checkout("fuzz");
    let list = |kind: &str| std::fs::read_dir(fuzz.join(kind).join(target)).into_iter().flatten();
    assert!(list("seeds").count() > 0, "no seeds of {target}");
    for entry in list("seeds").chain(list("found")) {
        let path = entry.expect("an entry").path();
        println!("{}", path.display());
        read(&std::fs::read(&path).expect("a file"));
    }
}
