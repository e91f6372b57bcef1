//! What `nhaviec check` asks of dossiers.

use crate::dossier::{SPAN_STOPPED, span, span_running};
use crate::procedure::definition::Channel;
use crate::status::Status;
use store::{Reader, params};
use types::{Day, Id, Result, Timestamp};
use web::{Check, Settings};

/// The questions.
pub static CHECKS: &[Check] = &[
    Check { title: "Hồ sơ và bản ghi khớp nhau", run: records_match },
    Check { title: "Trạng thái hồ sơ khớp với việc đang mở", run: tasks_match },
    Check { title: "Việc của hồ sơ tạm dừng không tính thời gian", run: paces_match },
    Check { title: "Không việc nào chờ ở vị trí đã kết thúc", run: posts_there },
    Check { title: "Trạng thái hồ sơ khớp với khoảng dừng tính thời gian", run: stops_match },
    Check { title: "Hồ sơ đã kết thúc có ngày và kết quả kết thúc", run: ends_match },
    Check { title: "Số thứ tự hồ sơ không vượt sổ", run: numbers_match },
    Check { title: "Kênh tiếp nhận của hồ sơ có trong danh mục", run: channels_known },
];

fn records_match(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let wrong: Vec<(String,)> = reader.all(
        "SELECT d.code FROM dossier d JOIN record r ON r.id = d.id
         WHERE r.kind <> 'dossier' OR r.code <> d.code OR r.unit_id <> d.unit_id
            OR d.restricted <> (r.confidentiality = 'restricted') LIMIT 20",
        params![],
    )?;
    let lost: Vec<(String,)> = reader.all(
        "SELECT code FROM record r WHERE kind = 'dossier' AND NOT EXISTS (SELECT 1 FROM dossier d WHERE d.id = r.id) LIMIT 20",
        params![],
    )?;
    let mut findings: Vec<String> =
        wrong.into_iter().map(|(code,)| format!("Hồ sơ {code} khác với bản ghi của nó.")).collect();
    findings.extend(lost.into_iter().map(|(code,)| format!("Bản ghi {code} không có hồ sơ.")));
    Ok(findings)
}

fn tasks_match(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let rows: Vec<(String, i64, i64)> = reader.all(
        "SELECT d.code, d.status, count(t.id) FROM dossier d LEFT JOIN task t ON t.record_id = d.id AND t.done_at IS NULL
         GROUP BY d.id, d.code, d.status
         HAVING (d.status IN (3, 7, 8, 10) AND count(t.id) > 0) OR (d.status IN (2, 4, 5, 6, 9) AND count(t.id) <> 1) LIMIT 20",
        params![],
    )?;
    let name = |n: i64| Status::from_number(n).map_or("?", Status::title);
    Ok(rows
        .into_iter()
        .map(|(code, status, open)| {
            format!("Hồ sơ {code} ở trạng thái «{}» nhưng có {open} việc đang mở.", name(status))
        })
        .collect())
}

/// A task's time stands still exactly while its dossier's clock does, and a finished dossier's waits to be fetched.
fn paces_match(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let rows: Vec<(String, String)> = reader.all(
        "SELECT d.code, t.title FROM dossier d JOIN task t ON t.record_id = d.id AND t.done_at IS NULL
         WHERE t.pace <> CASE WHEN d.status IN (5, 6) THEN 1 WHEN d.status = 9 THEN 2 ELSE 0 END ORDER BY d.id LIMIT 20",
        params![],
    )?;
    let finding = |(code, task)| format!("Hồ sơ {code}: việc «{task}» tính thời gian khác với trạng thái hồ sơ.");
    Ok(rows.into_iter().map(finding).collect())
}

/// Work at a post that has ended waits for nobody; a leader gives it to another («Chuyển người xử lý»).
fn posts_there(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let today = Timestamp::now().day();
    let rows: Vec<(String, String, String)> = reader.all(
        "SELECT d.code, t.title, p.title FROM task t JOIN dossier d ON d.id = t.record_id JOIN post p ON p.id = t.post_id
         WHERE t.done_at IS NULL AND p.valid_to < $1 ORDER BY d.id LIMIT 20",
        params![today],
    )?;
    let finding = |(code, task, post)| {
        format!("Hồ sơ {code}: việc «{task}» đang chờ ở vị trí đã kết thúc «{post}»; lãnh đạo hãy chuyển người xử lý.")
    };
    Ok(rows.into_iter().map(finding).collect())
}

fn stops_match(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let rows: Vec<(String, i64, i64)> = reader.all(
        "SELECT d.code, d.status, count(s.id) FROM dossier d
         LEFT JOIN dossier_stop s ON s.dossier_id = d.id AND s.to_at IS NULL GROUP BY d.id, d.code, d.status
         HAVING (d.status IN (5, 6) AND count(s.id) <> 1) OR (d.status NOT IN (5, 6) AND count(s.id) > 0) LIMIT 20",
        params![],
    )?;
    let name = |n: i64| Status::from_number(n).map_or("?", Status::title);
    Ok(rows
        .into_iter()
        .map(|(code, status, open)| {
            format!("Hồ sơ {code} ở trạng thái «{}» nhưng có {open} khoảng dừng đang mở.", name(status))
        })
        .collect())
}

fn ends_match(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let rows: Vec<(String, i64)> = reader.all(
        "SELECT code, status FROM dossier
         WHERE (status IN (3, 7, 8, 9, 10) AND (ended_at IS NULL OR ended_day IS NULL OR outcome IS NULL))
            OR (status NOT IN (3, 7, 8, 9, 10) AND (ended_at IS NOT NULL OR ended_day IS NOT NULL OR outcome IS NOT NULL))
            OR (status = 10 AND delivered_at IS NULL) OR (status <> 10 AND delivered_at IS NOT NULL) LIMIT 20",
        params![],
    )?;
    let name = |n: i64| Status::from_number(n).map_or("?", Status::title);
    let ended = rows.into_iter().map(|(code, status)| {
        format!("Hồ sơ {code}: trạng thái «{}» không khớp với ngày và kết quả kết thúc.", name(status))
    });
    Ok(ended.chain(spans_match(reader)?).collect())
}

/// A dossier with a wrong span would be missing in the lists of what was open.
fn spans_match(reader: &mut Reader<'_>) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    reader.each(
        "SELECT code, received_day, due_day, ended_day, span,
            (SELECT count(*) FROM dossier_stop s WHERE s.dossier_id = dossier.id) FROM dossier",
        params![],
        |(code, received, due, ended, stored, stops): (String, Day, Day, Option<Day>, i64, i64)| {
            let open = || if stops > 0 { SPAN_STOPPED } else { span_running(received, due) };
            let wanted = ended.map_or_else(open, |ended| span(received, ended));
            if stored != wanted && findings.len() < 20 {
                findings.push(format!("Hồ sơ {code}: khoảng thời gian mở ghi là {stored}, đúng ra là {wanted}."));
            }
            Ok(())
        },
    )?;
    Ok(findings)
}

fn numbers_match(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let rows: Vec<(Id, String, i64, i64)> = reader.all(
        "SELECT n.unit_id, n.day, n.last, coalesce(d.count, 0) FROM dossier_number n
         LEFT JOIN (SELECT unit_id, received_day, count(*) AS count FROM dossier GROUP BY unit_id, received_day) d
            ON d.unit_id = n.unit_id AND d.received_day = n.day
         WHERE coalesce(d.count, 0) <> n.last LIMIT 20",
        params![],
    )?;
    Ok(rows
        .into_iter()
        .map(|(unit, day, last, count)| format!("Đơn vị {unit} ngày {day}: sổ cấp {last} số nhưng có {count} hồ sơ."))
        .collect())
}

/// Lists in the order of days are merged from those of the channels: a dossier of another would stand in none.
fn channels_known(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let known: Vec<String> = Channel::ALL.iter().map(|channel| format!("'{}'", channel.code())).collect();
    let sql = format!("SELECT code, channel FROM dossier WHERE channel NOT IN ({}) LIMIT 20", known.join(", "));
    let rows: Vec<(String, String)> = reader.all(&sql, params![])?;
    Ok(rows.into_iter().map(|(code, channel)| format!("Hồ sơ {code}: không có kênh tiếp nhận «{channel}».")).collect())
}
