//! Deadlines worked out by hand, and what their explanations say.

use super::*;
use crate::holidays::PublicHolidays;
use crate::hours::{HoursFrom, WeekHours, WorkingHours};
use jiff::civil::{Weekday, date};

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn stop(from: &str, to: &str) -> Stop {
    Stop { from: at(from), to: at(to) }
}

fn due(received: &str, takes: &str, stops: &[Stop]) -> String {
    due_in(&WorkingCalendar::standard(), received, takes, stops)
}

fn due_in(calendar: &WorkingCalendar, received: &str, takes: &str, stops: &[Stop]) -> String {
    let found = deadline(calendar, at(received), takes.parse().unwrap(), stops).unwrap();
    found.due.local().strftime("%Y-%m-%d %H:%M").to_string()
}

fn saturday_mornings() -> WorkingCalendar {
    let week = WeekHours::standard().with_day(Weekday::Saturday, vec!["07:30-11:30".parse().unwrap()]).unwrap();
    WorkingCalendar::new(&WorkingHours::always(week), PublicHolidays::shipped()).unwrap()
}

#[test]
fn working_days_cross_weekends_holidays_tet_and_swapped_days() {
    for (received, takes, expected) in [
        ("2026-08-21T14:00", "5 working days", "2026-08-27 14:00"),
        ("2026-11-20T14:00", "3 working days", "2026-11-26 14:00"),
        ("2027-02-01T14:00", "5 working days", "2027-02-15 14:00"),
        ("2026-04-24T14:00", "3 working days", "2026-05-04 14:00"),
        ("2025-04-25T09:00", "3 working days", "2025-04-29 09:00"),
        ("2025-12-31T09:00", "2 working days", "2026-01-06 09:00"),
        ("2023-04-28T09:00", "1 working day", "2023-05-04 09:00"),
    ] {
        assert_eq!(due(received, takes, &[]), expected, "{received} {takes}");
    }
}

#[test]
fn after_hours_counts_from_the_next_working_moment_and_ends_with_a_period() {
    for (received, takes, expected) in [
        // Saturday counts from Monday 07:30; one day later is Tuesday 07:30, the same moment as Monday 17:30.
        ("2026-11-14T09:00", "1 working day", "2026-11-16 17:30"),
        ("2026-11-16T07:30", "1 working day", "2026-11-16 17:30"),
        ("2026-11-16T07:31", "1 working day", "2026-11-17 07:31"),
        ("2026-11-13T17:30", "8 working hours", "2026-11-16 17:30"),
        ("2026-11-16T12:00", "1 working day", "2026-11-17 11:30"),
        ("2026-11-16T11:30", "4 working hours", "2026-11-16 17:30"),
        ("2026-11-16T14:00:59", "8 working hours", "2026-11-17 14:00"),
        ("2026-11-20T16:00", "8 working hours", "2026-11-23 16:00"),
    ] {
        assert_eq!(due(received, takes, &[]), expected, "{received} {takes}");
    }
}

#[test]
fn same_day_ends_with_the_day_unless_after_the_cut_off() {
    assert_eq!(due("2026-11-20T15:00", "same day", &[]), "2026-11-20 17:30");
    assert_eq!(due("2026-11-20T15:01", "same day", &[]), "2026-11-23 17:30");
    assert_eq!(due("2026-11-21T09:00", "same day", &[]), "2026-11-23 17:30");
    assert_eq!(due("2026-11-20T17:45", "same day", &[]), "2026-11-23 17:30");
    let stops = [stop("2026-11-20T16:30", "2026-11-23T08:30")];
    assert_eq!(due("2026-11-20T10:00", "trong ngày", &stops), "2026-11-23 09:30");
    let early = WorkingCalendar::standard().with_cut_off(10 * 60);
    assert_eq!(due_in(&early, "2026-11-20T11:00", "same day", &[]), "2026-11-23 17:30");
    assert_eq!(due_in(&saturday_mornings(), "2026-11-20T16:00", "same day", &[]), "2026-11-21 11:30");
}

#[test]
fn calendar_days_and_months_end_with_a_working_day() {
    for (received, takes, expected) in [
        ("2026-11-02T14:00", "15 days", "2026-11-17 17:30"),
        ("2026-11-06T14:00", "15 days", "2026-11-23 17:30"),
        ("2026-11-09T14:00", "15 days", "2026-11-25 17:30"),
        ("2026-11-07T09:00", "15 days", "2026-11-25 17:30"), // counts from Monday the 9th
        ("2026-10-30T14:00", "1 month", "2026-11-30 17:30"),
        ("2026-12-31T14:00", "2 months", "2027-03-01 17:30"), // 28 February 2027 is a Sunday
        ("2027-01-05T14:00", "1 month", "2027-02-11 17:30"),  // 5 February 2027 is in Tết
    ] {
        assert_eq!(due(received, takes, &[]), expected, "{received} {takes}");
    }
}

#[test]
fn a_stop_moves_working_time_by_its_working_minutes() {
    let received = "2026-11-16T14:00";
    for (stops, expected) in [
        (vec![stop("2026-11-17T09:00", "2026-11-17T10:30")], "2026-11-19 15:30"),
        // Over noon, the night, the weekend and the 24th: only working minutes move it.
        (vec![stop("2026-11-18T17:00", "2026-11-19T08:00")], "2026-11-19 15:00"),
        (vec![stop("2026-11-17T11:30", "2026-11-17T13:30")], "2026-11-19 14:00"),
        (vec![stop("2026-11-18T09:00", "2026-11-25T09:00")], "2026-11-26 14:00"),
        // Two stops, given out of order, the second touching the moved due time.
        (
            vec![stop("2026-11-19T14:30", "2026-11-19T15:00"), stop("2026-11-18T09:00", "2026-11-18T10:00")],
            "2026-11-19 15:30",
        ),
        // At the due time it is still in time; a minute later it is late and stays so.
        (vec![stop("2026-11-19T14:00", "2026-11-19T15:00")], "2026-11-19 15:00"),
        (vec![stop("2026-11-19T14:01", "2026-11-19T15:00")], "2026-11-19 14:00"),
    ] {
        assert_eq!(due(received, "3 working days", &stops), expected, "{stops:?}");
    }
}

#[test]
fn a_stop_moves_a_calendar_count_by_calendar_time() {
    let received = "2026-11-02T14:00";
    for (stops, expected) in [
        (vec![stop("2026-11-04T09:00", "2026-11-06T09:00")], "2026-11-19 17:30"),
        (vec![stop("2026-11-04T09:00", "2026-11-04T17:00")], "2026-11-17 17:30"),
        (vec![stop("2026-11-04T09:00", "2026-11-04T20:00")], "2026-11-18 17:30"),
        (vec![stop("2026-11-04T09:00", "2026-11-08T09:00")], "2026-11-23 17:30"), // 21 November is a Saturday
    ] {
        assert_eq!(due(received, "15 days", &stops), expected, "{stops:?}");
    }
    // The count of 15 days ends on Saturday 21; a stop in the grace until Monday evening moves it from there.
    let grace = [stop("2026-11-23T09:00", "2026-11-25T09:00")];
    assert_eq!(due("2026-11-06T14:00", "15 days", &grace), "2026-11-25 17:30");
    let too_late = [stop("2026-11-25T07:31", "2026-11-26T09:00")];
    assert_eq!(due("2026-11-06T14:00", "15 days", &too_late), "2026-11-23 17:30");
}

#[test]
fn days_of_different_length_count_one_each() {
    let calendar = saturday_mornings();
    for (received, takes, expected) in [
        ("2026-11-13T09:00", "1 working day", "2026-11-14 09:00"),
        ("2026-11-13T16:30", "1 working day", "2026-11-14 11:30"), // Saturday has no 16:30
        ("2026-11-13T16:30", "2 working days", "2026-11-16 16:30"),
        ("2026-11-14T10:00", "1 working day", "2026-11-16 10:00"),
        ("2026-11-13T16:30", "8 working hours", "2026-11-16 10:30"),
    ] {
        assert_eq!(due_in(&calendar, received, takes, &[]), expected, "{received} {takes}");
    }
}

#[test]
fn hours_that_change_with_the_season_keep_the_clock_time() {
    let summer: Vec<_> = ["07:00-11:30", "13:30-17:00"].map(|p| p.parse().unwrap()).into();
    let weekdays = [Weekday::Monday, Weekday::Tuesday, Weekday::Wednesday, Weekday::Thursday, Weekday::Friday];
    let week = weekdays.iter().fold(WeekHours::standard(), |w, day| w.with_day(*day, summer.clone()).unwrap());
    let hours = WorkingHours::new(vec![
        HoursFrom { from: date(2020, 1, 1), week: WeekHours::standard() },
        HoursFrom { from: date(2026, 4, 15), week },
        HoursFrom { from: date(2026, 10, 16), week: WeekHours::standard() },
    ]);
    let calendar = WorkingCalendar::new(&hours, PublicHolidays::shipped()).unwrap();
    // Thursday 15 October still has summer hours, Friday 16 has not.
    assert_eq!(due_in(&calendar, "2026-10-15T07:10", "1 working day", &[]), "2026-10-15 17:00");
    assert_eq!(due_in(&calendar, "2026-10-15T09:00", "1 working day", &[]), "2026-10-16 09:00");
    assert_eq!(due_in(&calendar, "2026-04-14T17:20", "1 working day", &[]), "2026-04-15 17:00");
}

#[test]
fn the_explanation_names_each_holiday_and_swapped_day_with_its_basis() {
    let calendar = WorkingCalendar::standard();
    let found = deadline(&calendar, at("2026-08-21T14:00"), Takes::WorkingDays(8), &[]).unwrap();
    let lines: Vec<_> = found.steps.iter().map(|step| step.sentence.as_str()).collect();
    let decision = "theo 9859/VPCP-KGVX ngày 13/10/2025 của Văn phòng Chính phủ.";
    let expected = [
        "Tiếp nhận lúc 14:00 thứ Sáu 21/08/2026, tính từ thời điểm này.".to_string(),
        "Thứ Sáu 21/08/2026: tính 3 giờ 30 phút.".into(),
        format!("Thứ Bảy 22/08/2026: làm bù cho thứ Hai 31/08/2026 (dịp Quốc khánh 02/9), tính 8 giờ, {decision}"),
        "Chủ nhật 23/08/2026: ngày nghỉ hằng tuần, không tính.".into(),
        "Thứ Hai 24/08/2026: tính 8 giờ.".into(),
        "Thứ Ba 25/08/2026: tính 8 giờ.".into(),
        "Thứ Tư 26/08/2026: tính 8 giờ.".into(),
        "Thứ Năm 27/08/2026: tính 8 giờ.".into(),
        "Thứ Sáu 28/08/2026: tính 8 giờ.".into(),
        format!("Thứ Bảy 29/08/2026: nghỉ Quốc khánh 02/9, không tính, {decision}"),
        format!("Chủ nhật 30/08/2026: nghỉ Quốc khánh 02/9, không tính, {decision}"),
        format!("Thứ Hai 31/08/2026: nghỉ hoán đổi dịp Quốc khánh 02/9, làm bù thứ Bảy 22/08/2026, không tính, {decision}"),
        format!("Thứ Ba 01/09/2026: nghỉ Quốc khánh 02/9, không tính, {decision}"),
        "Thứ Tư 02/09/2026: nghỉ Quốc khánh 02/9, không tính, theo Điều 112 khoản 1 điểm đ Bộ luật Lao động 45/2019/QH14.".into(),
        "Thứ Năm 03/09/2026: tính 8 giờ.".into(),
        "Thứ Sáu 04/09/2026: tính 4 giờ 30 phút.".into(),
        "Hạn là 14:00 thứ Sáu 04/09/2026.".into(),
    ];
    assert_eq!(lines, expected);
    let labels: Vec<_> = found.steps.iter().map(|step| step.label.as_str()).collect();
    assert_eq!(labels[1..3], ["Ngày bắt đầu tính", "Ngày làm việc 1/8 (làm bù)"]);
    assert_eq!(labels[15], "Ngày làm việc 8/8");
    assert!(found.is_verified());
}

#[test]
fn a_count_from_opening_names_its_first_day_the_first() {
    let found = deadline(&WorkingCalendar::standard(), at("2026-11-14T09:00"), Takes::WorkingDays(2), &[]).unwrap();
    let labels: Vec<_> = found.steps.iter().map(|step| step.label.as_str()).collect();
    let expected = ["Tiếp nhận", "Nghỉ hằng tuần", "Nghỉ hằng tuần", "Ngày làm việc 1/2", "Ngày làm việc 2/2", "Hạn"];
    assert_eq!(labels, expected);
}

#[test]
fn a_day_off_whose_decision_was_not_seen_says_so() {
    let found = deadline(&WorkingCalendar::standard(), at("2027-02-01T14:00"), Takes::WorkingDays(5), &[]).unwrap();
    assert!(!found.is_verified());
    let doubtful: Vec<_> = found.steps.iter().filter(|step| !step.verified).collect();
    assert_eq!(doubtful.len(), 7);
    assert!(doubtful[0].sentence.ends_with("theo văn bản chưa rõ số (chưa kiểm chứng được văn bản)."), "{doubtful:?}");
}

#[test]
fn calendar_counts_explain_the_grace_and_the_stop() {
    let stops = [stop("2026-11-10T09:00", "2026-11-12T09:00")];
    let found =
        deadline(&WorkingCalendar::standard(), at("2026-11-04T14:00"), Takes::CalendarDays(15), &stops).unwrap();
    let lines: Vec<_> = found.steps.iter().map(|step| step.sentence.as_str()).collect();
    let expected = [
        "Tiếp nhận lúc 14:00 thứ Tư 04/11/2026, tính từ thời điểm này.",
        "15 ngày kể từ thứ Tư 04/11/2026, tính cả ngày nghỉ, là hết thứ Năm 19/11/2026.",
        "Tạm dừng từ 09:00 thứ Ba 10/11/2026 đến 09:00 thứ Năm 12/11/2026: 48 giờ theo lịch; hạn dời từ 17:30 thứ Năm 19/11/2026 đến 17:30 thứ Hai 23/11/2026.",
        "Thứ Bảy 21/11/2026: ngày nghỉ hằng tuần, không tính.",
        "Chủ nhật 22/11/2026: ngày nghỉ hằng tuần, không tính.",
        "Hạn là 17:30 thứ Hai 23/11/2026.",
    ];
    assert_eq!(lines, expected);
}

/// The sentences of a count through the calendar with every day told.
fn told(received: &str, takes: Takes, stops: &[Stop]) -> Vec<String> {
    let found = deadline_day_by_day(&WorkingCalendar::standard(), at(received), takes, stops).unwrap();
    found.steps.into_iter().map(|step| step.sentence).collect()
}

const TO_THE_NEXT_WORKING_DAY: &str = "ngày làm việc tiếp theo, thời hạn kết thúc khi hết giờ làm việc \
                                       (khoản 5 Điều 148 Bộ luật Dân sự 91/2015/QH13)";

#[test]
fn every_day_of_a_calendar_count_is_told_with_what_it_is() {
    let expected = [
        "Tiếp nhận lúc 14:00 thứ Năm 19/11/2026, tính từ thời điểm này.".to_string(),
        "Thứ Năm 19/11/2026: ngày bắt đầu, không tính vào thời hạn (khoản 2 Điều 147 Bộ luật Dân sự 91/2015/QH13).".into(),
        "Thứ Sáu 20/11/2026: tính là ngày thứ 1 trong 5 ngày.".into(),
        "Thứ Bảy 21/11/2026: ngày nghỉ hằng tuần, vẫn tính là ngày thứ 2 trong 5 ngày.".into(),
        "Chủ nhật 22/11/2026: ngày nghỉ hằng tuần, vẫn tính là ngày thứ 3 trong 5 ngày.".into(),
        "Thứ Hai 23/11/2026: tính là ngày thứ 4 trong 5 ngày.".into(),
        "Thứ Ba 24/11/2026: nghỉ Ngày Văn hóa Việt Nam 24/11, theo Nghị quyết 28/2026/QH16, vẫn tính là ngày thứ 5 trong 5 ngày nhưng thời hạn không kết thúc vào ngày nghỉ.".into(),
        "5 ngày kể từ thứ Năm 19/11/2026, tính cả ngày nghỉ, là hết thứ Ba 24/11/2026.".into(),
        format!("Thứ Tư 25/11/2026: {TO_THE_NEXT_WORKING_DAY}."),
        "Hạn là 17:30 thứ Tư 25/11/2026.".into(),
    ];
    assert_eq!(told("2026-11-19T14:00", Takes::CalendarDays(5), &[]), expected);
    // A swapped Saturday on which it ends carries its decision; one in between carries none, as nothing hangs on it.
    let swapped = "Thứ Bảy 22/08/2026: làm bù cho thứ Hai 31/08/2026 (dịp Quốc khánh 02/9)";
    let decision = "theo 9859/VPCP-KGVX ngày 13/10/2025 của Văn phòng Chính phủ";
    let to_it = told("2026-08-20T14:00", Takes::CalendarDays(2), &[]);
    assert_eq!(to_it[3], format!("{swapped}, {decision}, tính là ngày thứ 2 trong 2 ngày."));
    assert_eq!(
        told("2026-08-20T14:00", Takes::CalendarDays(5), &[])[3],
        format!("{swapped}, tính là ngày thứ 2 trong 5 ngày.")
    );
}

#[test]
fn months_are_told_by_the_days_they_come_to() {
    let calendar = WorkingCalendar::standard();
    // Over New Year and Tết, whose decision was not seen: the count does not rest on it. 28 February 2027 is a Sunday.
    let found = deadline_day_by_day(&calendar, at("2026-12-31T14:00"), Takes::Months(2), &[]).unwrap();
    let labels: Vec<_> = found.steps.iter().map(|step| step.label.as_str()).collect();
    assert_eq!(labels[..3], ["Tiếp nhận", "Ngày bắt đầu tính", "Ngày thứ 1/59"]);
    let end = ["Ngày thứ 58/59", "Ngày thứ 59/59 (ngày nghỉ)", "Tính 2 tháng", "Ngày làm việc tiếp theo", "Hạn"];
    assert_eq!(labels[labels.len() - 5..], end);
    assert_eq!(found.steps[labels.len() - 4].kind, StepKind::Weekend);
    assert!(found.is_verified());
    // To the middle of Tết it does.
    let found = deadline_day_by_day(&calendar, at("2027-01-05T14:00"), Takes::Months(1), &[]).unwrap();
    assert!(!found.is_verified());
    let year = deadline_day_by_day(&calendar, at("2026-01-05T14:00"), Takes::Months(12), &[]).unwrap();
    assert_eq!(year.steps.iter().filter(|step| step.kind == StepKind::CalendarDay).count(), 366);
}

#[test]
fn days_made_up_for_a_stop_are_told_each() {
    let stops = [stop("2026-11-10T09:00", "2026-11-12T09:00")];
    let lines = told("2026-11-04T14:00", Takes::CalendarDays(15), &stops);
    let expected = [
        "Thứ Sáu 20/11/2026: tính để bù thời gian tạm dừng.".to_string(),
        "Thứ Bảy 21/11/2026: ngày nghỉ hằng tuần, vẫn tính để bù thời gian tạm dừng nhưng thời hạn không kết thúc vào ngày nghỉ.".into(),
        "Chủ nhật 22/11/2026: ngày nghỉ hằng tuần, không tính.".into(),
        format!("Thứ Hai 23/11/2026: {TO_THE_NEXT_WORKING_DAY}."),
        "Hạn là 17:30 thứ Hai 23/11/2026.".into(),
    ];
    assert_eq!(lines[lines.len() - 5..], expected);
    assert!(lines[lines.len() - 6].starts_with("Tạm dừng từ 09:00 thứ Ba 10/11/2026"), "{lines:?}");
    // In the grace after Saturday the 21st, the end moves from where the stop begins.
    let grace = [stop("2026-11-23T09:00", "2026-11-25T09:00")];
    let lines = told("2026-11-06T14:00", Takes::CalendarDays(15), &grace);
    let expected = [
        "Thứ Bảy 21/11/2026: ngày nghỉ hằng tuần, vẫn tính là ngày thứ 15 trong 15 ngày nhưng thời hạn không kết thúc vào ngày nghỉ.",
        "15 ngày kể từ thứ Sáu 06/11/2026, tính cả ngày nghỉ, là hết thứ Bảy 21/11/2026.",
        "Tạm dừng từ 09:00 thứ Hai 23/11/2026 đến 09:00 thứ Tư 25/11/2026: 48 giờ theo lịch; hạn dời từ 17:30 thứ Hai 23/11/2026 đến 17:30 thứ Tư 25/11/2026.",
        "Chủ nhật 22/11/2026: ngày nghỉ hằng tuần, không tính.",
        "Thứ Hai 23/11/2026: tính thời gian bù từ lúc bắt đầu tạm dừng.",
        "Thứ Ba 24/11/2026: nghỉ Ngày Văn hóa Việt Nam 24/11, vẫn tính để bù thời gian tạm dừng.",
        "Thứ Tư 25/11/2026: tính để bù thời gian tạm dừng.",
        "Hạn là 17:30 thứ Tư 25/11/2026.",
    ];
    assert_eq!(lines[lines.len() - 8..], expected);
}

#[test]
fn days_of_a_year_without_calendar_in_between_are_told_too() {
    let text = "year = 2029\n[[break]]\noccasion = \"Tết\"\nfrom = \"2029-02-12\"\nto = \"2029-02-16\"\nverified = false\n\
                [[break]]\noccasion = \"Quốc khánh\"\nfrom = \"2029-09-01\"\nto = \"2029-09-03\"\nverified = false\n";
    let public = PublicHolidays::shipped().with_year(text).unwrap();
    let calendar = WorkingCalendar::new(&WorkingHours::default(), &public).unwrap();
    let received = at("2027-12-15T14:00");
    let found = deadline_day_by_day(&calendar, received, Takes::Months(13), &[]).unwrap();
    assert_eq!(super::due(&calendar, received, Takes::Months(13), &[]), Ok(found.due));
    assert_eq!(found.due, at("2029-01-15T17:30"));
    assert_eq!(found.steps.iter().filter(|step| step.date.year() == 2028).count(), 366);
}

#[test]
fn stops_that_cannot_be_are_refused_with_a_sentence() {
    let calendar = WorkingCalendar::standard();
    let refused = |stops: &[Stop]| {
        let error = deadline(&calendar, at("2026-11-16T14:00"), Takes::WorkingDays(3), stops).unwrap_err();
        assert!(matches!(error, CalendarError::BadStop(_)), "{error:?}");
        error.to_string()
    };
    assert!(refused(&[stop("2026-11-17T10:00", "2026-11-17T09:00")]).contains("kết thúc trước khi bắt đầu"));
    assert!(refused(&[stop("2026-11-16T13:59", "2026-11-17T09:00")]).contains("trước khi tiếp nhận"));
    let overlapping = [stop("2026-11-17T09:00", "2026-11-18T09:00"), stop("2026-11-18T08:59", "2026-11-18T10:00")];
    assert!(refused(&overlapping).contains("chồng lên"));
    let touching = [stop("2026-11-17T09:00", "2026-11-18T09:00"), stop("2026-11-18T09:00", "2026-11-18T10:00")];
    assert!(deadline(&calendar, at("2026-11-16T14:00"), Takes::WorkingDays(3), &touching).is_ok());
}

#[test]
fn a_time_of_zero_and_a_year_without_calendar_are_errors() {
    let calendar = WorkingCalendar::standard();
    let ask = |received: &str, takes| deadline(&calendar, at(received), takes, &[]).map(|found| found.due);
    assert!(matches!(ask("2026-11-16T14:00", Takes::WorkingDays(0)), Err(CalendarError::BadTakes(_))));
    for takes in [Takes::WorkingDays(3), Takes::working_hours(24), Takes::CalendarDays(3), Takes::Months(1)] {
        assert_eq!(ask("2027-12-30T14:00", takes), Err(CalendarError::NoCalendar { year: 2028 }), "{takes}");
    }
    assert_eq!(ask("2027-12-31T16:00", Takes::SameDay), Err(CalendarError::NoCalendar { year: 2028 }));
    assert_eq!(ask("2027-12-31T14:00", Takes::SameDay), Ok(at("2027-12-31T17:30")));
    assert_eq!(ask("2019-12-30T14:00", Takes::WorkingDays(3)), Err(CalendarError::NoCalendar { year: 2019 }));
    assert_eq!(ask("2027-12-31T14:00", Takes::Months(u32::MAX)), Err(CalendarError::NoCalendar { year: 9999 }));
}

#[test]
fn shares_leave_stops_out_and_warnings_fall_where_the_share_says() {
    let calendar = WorkingCalendar::standard();
    let stops = [stop("2026-11-17T09:00", "2026-11-18T09:00")];
    let found = deadline(&calendar, at("2026-11-16T07:30"), Takes::WorkingDays(5), &stops).unwrap();
    assert_eq!(found.due, at("2026-11-23T17:30"));
    let share = |now| found.share_used(&calendar, at(now)).unwrap();
    assert_eq!(share("2026-11-16T07:00"), Share { used: 0, total: 2400 });
    assert_eq!(share("2026-11-16T17:30").percent(), 20);
    assert_eq!(share("2026-11-17T15:00").used, share("2026-11-18T09:00").used);
    assert!(share("2026-11-23T17:30").reached(100));
    assert_eq!(found.left(&calendar, at("2026-11-23T16:30")), Ok(60));
    assert_eq!(found.left(&calendar, at("2026-11-25T08:30")), Ok(-60));
    for percent in [70, 90, 100] {
        let warning = found.reached_at(&calendar, percent).unwrap();
        assert!(found.share_used(&calendar, warning).unwrap().reached(percent), "{percent}");
        let before = warning.plus_seconds(-60);
        assert!(!found.share_used(&calendar, before).unwrap().reached(percent), "{percent}");
    }
    assert_eq!(found.reached_at(&calendar, 100), Ok(found.due));
}
