//! What `nhaviec check` asks of this module's rows.

use crate::keys::{self, Keys};
use crate::tree::UnitTree;
use std::collections::{BTreeMap, HashSet};
use store::{Reader, params};
use types::{Day, Id, Result, Timestamp};
use web::{Check, Settings};

/// All checks of this module.
pub static CHECKS: &[Check] = &[
    Check { title: "Nhật ký kiểm toán chỉ nêu cán bộ và vị trí có thật", run: actors },
    Check { title: "Đơn vị trong nhật ký, sự kiện và số đếm có thật", run: units_named },
    Check { title: "Cây đơn vị liền mạch, không vòng", run: tree },
    Check { title: "Thời gian của vị trí, người giữ và vai trò hợp lý", run: periods },
    Check { title: "Bí mật xác thực hai bước mở được bằng khóa của máy chủ", run: secrets },
    Check { title: "Khóa truy cập đọc được", run: passkeys },
];

/// Findings shown of one kind.
const SHOWN: usize = 20;

fn actors(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let officers: Vec<(Id, i64)> = reader.all(
        "SELECT a.actor_id, count(*) FROM audit a WHERE a.actor_id IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM officer o WHERE o.id = a.actor_id) GROUP BY a.actor_id ORDER BY a.actor_id LIMIT 20",
        params![],
    )?;
    let posts: Vec<(Id, i64)> = reader.all(
        "SELECT a.on_behalf_of, count(*) FROM audit a WHERE a.on_behalf_of IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM post p WHERE p.id = a.on_behalf_of) GROUP BY a.on_behalf_of ORDER BY a.on_behalf_of LIMIT 20",
        params![],
    )?;
    let commands: Vec<(Id, i64)> = reader.all(
        "SELECT c.actor_id, count(*) FROM command c WHERE c.actor_id IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM officer o WHERE o.id = c.actor_id) GROUP BY c.actor_id ORDER BY c.actor_id LIMIT 20",
        params![],
    )?;
    let officers =
        officers.into_iter().map(|(id, n)| format!("{n} dòng nhật ký nêu cán bộ {id} không có trong danh bạ."));
    let posts =
        posts.into_iter().map(|(id, n)| format!("{n} dòng nhật ký làm thay vị trí {id} không có trong danh bạ."));
    let commands = commands.into_iter().map(|(id, n)| format!("{n} lệnh của cán bộ {id} không có trong danh bạ."));
    Ok(officers.chain(posts).chain(commands).collect())
}

fn units_named(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (table, what) in [("audit", "dòng nhật ký"), ("delta", "số đếm")] {
        let rows: Vec<(Id, i64)> = reader.all(
            &format!(
                "SELECT t.unit_id, count(*) FROM {table} t WHERE t.unit_id IS NOT NULL
                 AND NOT EXISTS (SELECT 1 FROM unit u WHERE u.id = t.unit_id) GROUP BY t.unit_id ORDER BY t.unit_id LIMIT 20"
            ),
            params![],
        )?;
        findings.extend(rows.into_iter().map(|(id, n)| format!("{n} {what} nêu đơn vị {id} không có trong danh bạ.")));
    }
    findings.extend(events_named(reader)?);
    Ok(findings)
}

/// Events name units within their payloads. These are read one by one as text: an unreadable one must be told, while the
/// engines' own JSON operators would fail the check on it. Of them only what is wrong is kept.
fn events_named(reader: &mut Reader<'_>) -> Result<Vec<String>> {
    let units: Vec<(Id,)> = reader.all("SELECT id FROM unit", params![])?;
    let units: HashSet<Id> = units.into_iter().map(|(id,)| id).collect();
    let mut wrong = BTreeMap::<String, i64>::new();
    reader.each("SELECT CAST(payload AS TEXT) FROM outbox ORDER BY id", params![], |(payload,): (String,)| {
        if let Some(what) = wrong_with_payload(&payload, &units)
            && (wrong.len() < SHOWN || wrong.contains_key(&what))
        {
            *wrong.entry(what).or_default() += 1;
        }
        Ok(())
    })?;
    Ok(wrong.into_iter().map(|(what, n)| format!("{n} sự kiện {what}.")).collect())
}

/// Not every event names a unit; one that does names a real one.
fn wrong_with_payload(payload: &str, units: &HashSet<Id>) -> Option<String> {
    let Ok(payload) = serde_json::from_str::<serde_json::Value>(payload) else {
        return Some("có nội dung không đọc được".to_owned());
    };
    let unit = payload.get("unit").filter(|unit| !unit.is_null())?;
    if serde_json::from_value::<Id>(unit.clone()).is_ok_and(|id| units.contains(&id)) {
        return None;
    }
    let unit = unit.as_str().map_or_else(|| unit.to_string(), str::to_owned);
    Some(format!("nêu đơn vị {unit} không có trong danh bạ"))
}

fn tree(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let tree = UnitTree::load(reader, Timestamp::now().day())?;
    let mut findings = Vec::new();
    for unit in tree.units() {
        let places = tree.places(unit.id);
        let whole = places.first().is_some_and(|place| place.from == unit.valid_from)
            && places.last().is_some_and(|place| place.to == unit.valid_to)
            && places.windows(2).all(|pair| pair[0].to.is_some_and(|to| to.next() == pair[1].from));
        if !whole {
            findings.push(format!("Đơn vị «{}»: vị trí trong cây không phủ kín thời gian của đơn vị.", unit.name));
        }
        for place in places {
            let above = place.parent.map(|id| tree.get(id));
            let apart = match above {
                Some(Some(above)) => !above.is_valid(place.from),
                Some(None) => true,
                None => false,
            };
            if apart {
                findings.push(format!(
                    "Đơn vị «{}» thuộc một đơn vị chưa có hoặc đã kết thúc từ {}.",
                    unit.name, place.from
                ));
            }
            if tree.line_on(unit.id, place.from).iter().skip(1).any(|id| *id == unit.id) {
                findings.push(format!("Đơn vị «{}» nằm dưới chính nó.", unit.name));
            }
        }
        if findings.len() >= SHOWN {
            break;
        }
    }
    Ok(findings)
}

fn periods(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    type PeriodRow = (Id, String, Day, Option<Day>);
    let units: Vec<PeriodRow> = reader.all(
        "SELECT p.id, p.title, p.valid_from, p.valid_to FROM post p JOIN unit u ON u.id = p.unit_id
         WHERE p.valid_from < u.valid_from OR p.valid_to < p.valid_from
            OR (u.valid_to IS NOT NULL AND (p.valid_to IS NULL OR p.valid_to > u.valid_to)) ORDER BY p.id LIMIT 20",
        params![],
    )?;
    for (id, title, from, _) in units {
        findings.push(format!("Vị trí «{title}» ({id}, từ {from}) nằm ngoài thời gian của đơn vị."));
    }
    // A period may end on the day before it begins: then it never held.
    for (table, what) in [("post_holder", "Người giữ"), ("post_role", "Vai trò của")] {
        let rows: Vec<PeriodRow> = reader.all(
            &format!(
                "SELECT p.id, p.title, t.valid_from, t.valid_to FROM {table} t JOIN post p ON p.id = t.post_id
                 WHERE p.valid_to IS NOT NULL AND t.valid_from <= p.valid_to AND (t.valid_to IS NULL OR t.valid_to > p.valid_to)
                 ORDER BY t.id LIMIT 20"
            ),
            params![],
        )?;
        for (id, title, from, _) in rows {
            findings.push(format!("{what} vị trí «{title}» ({id}) từ {from} vượt quá ngày kết thúc của vị trí."));
        }
    }
    let backwards: Vec<(Id,)> =
        reader.all("SELECT id FROM stand_in WHERE ends_at <= starts_at ORDER BY id LIMIT 20", params![])?;
    findings.extend(backwards.into_iter().map(|(id,)| format!("Việc thay mặt {id} kết thúc trước khi bắt đầu.")));
    Ok(findings)
}

fn secrets(reader: &mut Reader<'_>, settings: &Settings) -> Result<Vec<String>> {
    let sealed = keys::sealed(reader)?;
    if sealed.is_empty() {
        return Ok(Vec::new());
    }
    let keys = match Keys::read(&settings.data) {
        Ok(keys) => keys,
        Err(_) => {
            return Ok(vec!["Không đọc được tệp keys/directory.key: không ai dùng được xác thực hai bước.".to_owned()]);
        }
    };
    let closed = keys::broken(&keys, &sealed).len();
    Ok(if closed == 0 {
        Vec::new()
    } else {
        vec![format!("{closed} bí mật xác thực hai bước không mở được bằng khóa hiện có.")]
    })
}

fn passkeys(reader: &mut Reader<'_>, _: &Settings) -> Result<Vec<String>> {
    let closed = crate::passkey::unreadable(reader)?;
    Ok(if closed == 0 {
        Vec::new()
    } else {
        vec![format!("{closed} khóa truy cập không đọc được: không ai dùng được.")]
    })
}
