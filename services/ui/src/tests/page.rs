//! Whole pages: nothing inline, nothing dangling, no class without a style, no style for a class that is gone.

use super::markup::Markup;
use crate::*;
use std::collections::BTreeSet;

const SURFACES: [Surface; 3] = [Surface::Citizen, Surface::Desk, Surface::Print];

fn page(surface: Surface, lang: Lang) -> String {
    sample_shell(surface, lang, "Kiểu dáng").wrap(&style_page(surface))
}

#[test]
fn nothing_is_inline() {
    for surface in SURFACES {
        let html = page(surface, Lang::Vi);
        let markup = Markup::new(&html);
        for (key, value) in markup.all() {
            assert!(key != "style" && !key.starts_with("on") && !key.starts_with("hx-on"), "{key}=\"{value}\"");
            assert!(!value.starts_with("javascript:"), "{value}");
        }
        for script in markup.elements("script") {
            assert!(script.iter().any(|(key, _)| key == "src"), "a script without a file");
        }
        assert_eq!(markup.elements("style").count(), 0);
    }
    assert!(csp::POLICY.starts_with("default-src 'none'") && !csp::POLICY.contains("unsafe"));
}

#[test]
fn only_desk_pages_ask_for_scripts() {
    assert_eq!(Markup::new(&page(Surface::Citizen, Lang::Vi)).elements("script").count(), 0);
    assert_eq!(Markup::new(&page(Surface::Print, Lang::Vi)).elements("script").count(), 0);
    assert_eq!(Markup::new(&page(Surface::Desk, Lang::Vi)).elements("script").count(), 2);
}

#[test]
fn ids_are_unique_and_references_resolve() {
    for surface in SURFACES {
        Markup::new(&page(surface, Lang::Vi)).check_references();
    }
}

#[test]
fn every_class_of_a_page_has_a_style_in_its_style_sheet() {
    for surface in [Surface::Citizen, Surface::Desk] {
        let css = super::assets::text(&format!("{}.css", surface.name()));
        let html = page(surface, Lang::Vi);
        let markup = Markup::new(&html);
        let classes: BTreeSet<&str> = markup.values("class").into_iter().flat_map(str::split_whitespace).collect();
        let missing: Vec<_> = classes.iter().filter(|class| !css.contains(&format!(".{class}"))).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", surface.name());
    }
}

#[test]
fn the_shell_speaks_the_language_of_the_page() {
    let vietnamese = page(Surface::Citizen, Lang::Vi);
    assert!(vietnamese.contains(r#"<html lang="vi""#) && vietnamese.contains("Mục lục"));
    assert!(vietnamese.contains(r#"lang="en" hreflang="en""#), "a way to the English page");
    let english = page(Surface::Citizen, Lang::En);
    assert!(english.contains(r#"<html lang="en""#) && english.contains("Skip to main content"));
    assert!(!english.contains("Mục lục"));
}

#[test]
fn the_shell_escapes_what_people_wrote_and_keeps_the_body() {
    let mut shell = Shell::new(Surface::Desk, Lang::Vi, "<b>Hồ sơ</b>", "UBND xã \"Suối Mơ\"");
    shell.flash = Some(Flash::success("<i>xong</i>"));
    shell.officer = Some(OfficerBadge::new("Lò Thị Mẩy", "Văn thư & lưu trữ"));
    let html = shell.wrap("<p>thân trang</p>");
    assert!(html.contains("<p>thân trang</p>"));
    assert!(!html.contains("<b>Hồ sơ</b>") && !html.contains("<i>xong</i>"));
    assert!(html.contains("Văn thư &#38; lưu trữ"));
    assert!(html.contains(r#"<i aria-hidden="true">M</i>"#), "the given name comes last");
    assert!(html.contains("<title>&#60;b&#62;Hồ sơ&#60;/b&#62; – UBND xã &#34;Suối Mơ&#34;</title>"));
}

#[test]
fn a_trial_says_so_on_every_surface() {
    for surface in SURFACES {
        assert!(page(surface, Lang::Vi).contains(Lang::Vi.words().demo));
        let mut real = sample_shell(surface, Lang::Vi, "Kiểu dáng");
        real.demo = false;
        assert!(!real.wrap("").contains(Lang::Vi.words().demo));
    }
}

#[test]
fn components_escape_text_and_take_each_other() {
    let values = KeyValues::new()
        .row("Tên", "Nguyễn Thị <Mỹ> Hạnh")
        .row("Trạng thái", Tag::new(Tone::Success, Icon::Check, "Đã <xong>"));
    let html = values.to_string();
    assert!(html.contains("Nguyễn Thị &#60;Mỹ&#62; Hạnh"));
    assert!(html.contains(r#"data-color="success""#) && html.contains("Đã &#60;xong&#62;"));
    let cell = Cell::link("<0042>", "/ho-so?a=1&b=\"2\"");
    assert_eq!(cell.as_str(), r#"<a class="cell-link" href="/ho-so?a=1&#38;b=&#34;2&#34;">&#60;0042&#62;</a>"#);
    let card = Card::new("Giấy tờ & tệp").around("một < hai");
    assert!(card.as_str().starts_with("<section") && card.as_str().ends_with("</section>"));
    assert!(card.as_str().contains("Giấy tờ &#38; tệp") && card.as_str().contains("một &#60; hai"));
}

#[test]
fn a_state_is_never_a_colour_alone() {
    for tone in Tone::ALL {
        let html = Tag::new(tone, tone.icon(), "chữ").to_string();
        assert!(html.contains("<svg") && html.contains("chữ") && html.contains(tone.color()));
    }
}

#[test]
fn an_empty_list_says_why_and_a_short_one_has_no_pages() {
    let empty = Table::new("Hồ sơ").columns(["Mã"]).empty(EmptyState::nothing_found(Lang::Vi)).to_string();
    assert!(empty.contains("Không tìm thấy kết quả nào") && !empty.contains("<table"));
    assert_eq!(Pagination::new(None, None).to_string(), "");
    let next = Pagination::new(None, Some("?after=1".to_owned())).to_string();
    assert!(next.contains("Trang sau") && !next.contains("Trang trước"));
    assert_eq!(ErrorSummary::of(&FormState::new(Lang::Vi)).to_string(), "");
}

#[test]
fn columns_stand_in_groups_and_keep_their_own_labels_for_phones() {
    let columns = [
        Column::new("Lĩnh vực"),
        Column::number("Tiếp nhận").under("Tiếp nhận", "Tổng số"),
        Column::number("Trực tuyến").under("Tiếp nhận", "Trực tuyến"),
        Column::number("Quá hạn").under("Đang giải quyết", "Quá hạn"),
        Column::number("Dừng"),
    ];
    let html =
        Table::new("Số liệu").columns(columns).rows([Row::new(["Hộ tịch", "3", "2", "1", "0"])]).figures().to_string();
    assert_eq!(html.matches("colspan").count(), 2);
    assert!(html.contains(r#"colspan="2" class="group">Tiếp nhận<"#), "{html}");
    assert_eq!(html.matches("rowspan=\"2\"").count(), 2, "what stands in no group is as high as both lines");
    assert!(html.contains(r#"data-label="Tiếp nhận" class="number begins">3<"#), "{html}");
    assert!(html.contains(r#"data-label="Trực tuyến" class="number">2<"#), "{html}");
    let plain = Table::new("Hồ sơ").columns(["Mã"]).rows([Row::new(["1"])]).to_string();
    assert!(!plain.contains("colspan") && plain.contains(r#"<div class="table">"#), "{plain}");
}

#[test]
fn a_telephone_link_dials_digits() {
    assert!(Link::phone("0208 3824 115").to_string().contains(r#"href="tel:02083824115""#));
}
