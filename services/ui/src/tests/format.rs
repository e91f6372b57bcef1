//! How dates, money and numbers read.

use crate::format::*;
use types::Timestamp;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

#[test]
fn dates_and_moments_read_the_vietnamese_way() {
    let moment_ = at("2026-11-21T14:30");
    assert_eq!(date(moment_.day()), "21/11/2026");
    assert_eq!(short_date(moment_.day()), "21/11");
    assert_eq!(weekday_date(moment_.day()), "thứ Bảy 21/11/2026");
    assert_eq!(weekday_date(at("2026-11-22T00:00").day()), "Chủ nhật 22/11/2026");
    assert_eq!(moment(moment_), "14:30 21/11/2026");
    assert_eq!(short_moment(moment_), "14:30 21/11");
    assert_eq!(machine_moment(moment_), "2026-11-21T14:30+07:00");
}

#[test]
fn a_moment_is_shown_in_viet_nam_whatever_zone_it_came_in() {
    assert_eq!(moment(at("2026-11-21T18:05:00Z")), "01:05 22/11/2026");
}

#[test]
fn numbers_and_money() {
    assert_eq!(number(0), "0");
    assert_eq!(number(999), "999");
    assert_eq!(number(1_000), "1.000");
    assert_eq!(number(-1_234_567), "-1.234.567");
    assert_eq!(number(i64::MIN), "-9.223.372.036.854.775.808");
    assert_eq!(money(1_250_000), "1.250.000\u{a0}₫");
    assert_eq!(money(0), "0\u{a0}₫");
}

#[test]
fn percentages() {
    assert_eq!(percent(98.6), "98,6\u{a0}%");
    assert_eq!(percent(100.0), "100\u{a0}%");
    assert_eq!(percent(99.96), "100\u{a0}%");
    assert_eq!(percent(-0.04), "0\u{a0}%");
    assert_eq!(share(1, 3), "33,3\u{a0}%");
    assert_eq!(share(0, 0), "–");
    assert_eq!(decimal(1234.5, 2), "1.234,50");
}

#[test]
fn sizes_of_files() {
    assert_eq!(file_size(0), "0\u{a0}B");
    assert_eq!(file_size(1023), "1.023\u{a0}B");
    assert_eq!(file_size(184 * 1024), "184\u{a0}KB");
    assert_eq!(file_size(1_258_291), "1,2\u{a0}MB");
    assert_eq!(file_size(1_073_741_823), "1.024,0\u{a0}MB");
    assert_eq!(file_size(27_118_000_000), "25,3\u{a0}GB");
}

#[test]
fn working_time_shows_its_two_biggest_parts() {
    assert_eq!(working_time(0, 480), "0\u{a0}phút");
    assert_eq!(working_time(185, 480), "3\u{a0}giờ 5\u{a0}phút");
    assert_eq!(working_time(480 * 2 + 200, 480), "2\u{a0}ngày 3\u{a0}giờ");
    assert_eq!(working_time(-480, 480), "1\u{a0}ngày");
}

#[test]
fn personal_numbers_show_only_their_ends() {
    assert_eq!(masked_identity("079201000098"), "0792•••••098");
    assert_eq!(masked_phone("0975000418"), "0975•••418");
    assert_eq!(masked_identity("1234567"), "•••••••");
    assert_eq!(masked_identity(""), "");
}
