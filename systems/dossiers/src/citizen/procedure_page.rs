//! GET /thu-tuc/{code} : one procedure with everything a party needs to know, and how sure it is.

use super::front::shipped;
use super::marks::{doubt, source_sentence};
use crate::procedure::Definition;
use crate::procedure::definition::HandledAt;
use crate::procedure::fees::{Fee, FeeKind};
use crate::procedure::provenance::{Mark, register};
use crate::procedure::requirement::{Requirement, RequirementKind};
use crate::procedure::step::Step;
use crate::services::Services;
use askama::Template;
use std::collections::BTreeSet;
use std::sync::Arc;
use types::{Day, Error};
use ui::prelude::*;
use web::{Ctx, Outcome, Page as WebPage, Path, Sample};

#[derive(Template)]
#[template(path = "citizen/procedure_page.html")]
struct ProcedurePage {
    definition: Arc<Definition>,
    today: Day,
}

/// GET /thu-tuc/{code}
pub async fn show(ctx: Ctx, Path(code): Path<String>) -> Outcome<WebPage> {
    let (services, today) = (Services::of(&ctx.house), ctx.now().day());
    let current = ctx.store().read(move |r| services.procedures.current(r)).await?;
    let found = current.iter().find(|p| p.definition.code == code);
    let found = found.ok_or_else(|| Error::not_found(format!("thủ tục {code}")))?;
    Ok(page(found.definition.clone(), today))
}

fn page(definition: Arc<Definition>, today: Day) -> WebPage {
    WebPage::citizen(definition.short_name().to_owned(), ProcedurePage { definition, today })
}

impl ProcedurePage {
    /// Its full name and code, and that nobody has held the page against the announcing decision while that is not known.
    fn lead(&self) -> String {
        let d = &self.definition;
        let against_none =
            if d.decision().is_none() { " · Chưa kiểm chứng với quyết định công bố" } else { "" };
        format!("{} · Mã thủ tục {}{against_none}", d.name, d.code)
    }

    /// What must be known before anything else: another system, not yet or no longer in force.
    fn notices(&self) -> Html {
        let d = &self.definition;
        let mut notices = Html::default();
        if !d.in_force(self.today) {
            let sentence = if self.today < d.effective_from {
                format!("Bản này áp dụng từ {}.", format::date(d.effective_from))
            } else {
                "Bản này đã hết hiệu lực; hãy hỏi bộ phận một cửa về quy định mới.".to_owned()
            };
            notices = notices.and(Notice::new(Tone::Warning, sentence).titled("Hiện chưa nhận hồ sơ theo bản này"));
        }
        if d.handled.at == HandledAt::Ministry {
            let system = d.handled.system.as_deref().unwrap_or("hệ thống của bộ, ngành");
            let sentence = Html::text(format!(
                "Hồ sơ được giải quyết trên {system}. Xã ghi nhận và theo dõi, ông/bà không phải khai hai lần."
            ));
            let notice = Notice::new(Tone::Info, sentence.and(self.doubt("handled")));
            notices = notices.and(notice.titled("Giải quyết trên hệ thống của bộ, ngành"));
        }
        notices
    }

    fn doubt(&self, path: &str) -> Html {
        doubt(&self.definition, path)
    }

    fn doubt_in(&self, group: &str, code: &str) -> Html {
        self.doubt(&format!("{group}.{code}"))
    }

    fn facts(&self) -> Facts {
        let d = &self.definition;
        Facts::new()
            .fact(Icon::Clock, "Thời gian", Html::text(d.takes.takes.sentence()).and(self.doubt("takes.rule")))
            .fact(Icon::Banknote, "Lệ phí", self.fee_in_short())
            .fact(Icon::Smartphone, "Cách nộp", self.channels())
            .fact(Icon::Landmark, "Nơi giải quyết", Html::text(&d.decides).and(self.doubt("decides")))
    }

    /// The usual channels, and those of an emergency with when they are open.
    fn channels(&self) -> Html {
        let d = &self.definition;
        let names = |exceptional: bool| {
            let of = d.channels.iter().filter(|channel| d.exception(**channel).is_some() == exceptional);
            of.map(|channel| channel.label()).collect::<Vec<_>>().join(", ")
        };
        let usual = Html::text(names(false)).and(self.doubt("channels"));
        match &d.channel_exception {
            None => usual,
            Some(exception) => {
                let words = format!("{}: {}", exception.condition, names(true));
                usual.and(Html::text(format!("({words})"))).and(self.doubt("channel_exception"))
            }
        }
    }

    fn fee_in_short(&self) -> &'static str {
        let fees = &self.definition.fees;
        if fees.is_empty() || fees.iter().all(|fee| fee.kind == FeeKind::Free) {
            return "Không thu";
        }
        let sometimes_free = fees.iter().any(|fee| fee.kind == FeeKind::Free || fee.condition.is_some());
        if sometimes_free { "Tùy trường hợp, xem bên dưới" } else { "Có thu, xem bên dưới" }
    }

    fn papers(&self) -> CheckList {
        let filed = self.definition.requirements.iter().filter(|r| r.kind != RequirementKind::StateData);
        filed.fold(CheckList::new(), |list, requirement| {
            let path = format!("requirements.{}", requirement.code);
            let mut title = Html::text(&requirement.name).and(self.doubt(&path));
            if requirement.condition.is_some() {
                title = title.and(self.doubt(&format!("{path}.condition")));
            }
            let icon = if requirement.required { Icon::CircleCheck } else { Icon::Info };
            list.item_with(icon, title, self.paper_detail(requirement))
        })
    }

    fn paper_detail(&self, requirement: &Requirement) -> String {
        let d = &self.definition;
        let mut parts = vec![requirement.kind.label().to_owned()];
        parts.extend(Some(requirement.counts()).filter(|counts| !counts.is_empty()));
        parts.extend(requirement.condition.clone());
        if let Some(group) = &requirement.any_of {
            let others =
                d.requirements.iter().filter(|r| r.any_of.as_ref() == Some(group) && r.code != requirement.code);
            let others: Vec<&str> = others.map(|r| r.name.as_str()).collect();
            if !others.is_empty() {
                parts.push(format!("hoặc thay bằng: {}", others.join("; ")));
            }
        }
        if !requirement.cases.is_empty() {
            let names = requirement.cases.iter().map(|c| d.case(c).map_or(c.as_str(), |case| case.name.as_str()));
            parts.push(format!("trường hợp: {}", names.collect::<Vec<_>>().join("; ")));
        }
        if !requirement.channels.is_empty() && requirement.channels.len() < d.channels.len() {
            let names: Vec<&str> = requirement.channels.iter().map(|channel| channel.label()).collect();
            parts.push(format!("khi nộp: {}", names.join(", ")));
        }
        parts.extend(requirement.template.clone());
        parts.extend(requirement.note.clone());
        parts.join(" · ")
    }

    /// What the state already has and nobody needs to bring.
    fn known(&self) -> Option<CheckList> {
        let known = self.definition.requirements.iter().filter(|r| r.kind == RequirementKind::StateData);
        let known: Vec<&Requirement> = known.collect();
        (!known.is_empty()).then(|| {
            known.iter().fold(CheckList::new(), |list, requirement| {
                let title =
                    Html::text(&requirement.name).and(self.doubt(&format!("requirements.{}", requirement.code)));
                list.item_with(Icon::ShieldCheck, title, requirement.held_by.clone().unwrap_or_default())
            })
        })
    }

    fn times(&self) -> KeyValues {
        let d = &self.definition;
        let printed = Html::text(&d.takes.printed).and(self.doubt("takes.printed"));
        let mut rows = KeyValues::new().row("Theo quy định", printed);
        if let Some(longer) = &d.takes.verification {
            rows = rows.row("Khi phải xác minh", Html::text(&longer.printed).and(self.doubt("takes.verification")));
        }
        // A case without a time of its own has the one above.
        let own = d.cases.iter().filter_map(|case| case.takes.as_ref().map(|takes| (case, takes)));
        own.fold(rows, |rows, (case, takes)| {
            let mark = self.doubt(&format!("cases.{}.takes", case.code));
            rows.row(&case.name, Html::text(&takes.printed).and(mark))
        })
    }

    fn fees(&self) -> KeyValues {
        self.definition.fees.iter().fold(KeyValues::new(), |rows, fee| rows.row(&fee.name, self.fee(fee)))
    }

    fn fee(&self, fee: &Fee) -> Html {
        let path = format!("fees.{}", fee.code);
        let mut text = Html::text(&fee.printed);
        if let Some(condition) = &fee.condition {
            text = text.and(Html::text(format!("({condition})")));
        }
        if let Some(basis) = &fee.basis {
            text = text.and(Html::text(format!("– {basis}")));
        }
        text = text.and(self.doubt(&path));
        if !fee.exempt.is_empty() {
            let who: Vec<&str> = fee.exempt.iter().map(|group| group.name.as_str()).collect();
            let exempt = Html::text(format!("Miễn: {}.", who.join("; ")));
            text = text.and(exempt).and(self.doubt(&format!("{path}.exempt")));
        }
        text
    }

    fn steps(&self) -> StepList {
        let minutes = self.definition.takes.takes.working_minutes();
        self.definition.steps.iter().fold(StepList::new(), |list, step: &Step| {
            let time = format::working_time(i64::from(step.minutes(minutes)), 8 * 60);
            list.step(&step.title, format!("{} · tối đa {time} làm việc", step.post.label()))
        })
    }

    fn validity(&self) -> KeyValues {
        let d = &self.definition;
        let announced = d.announced.as_ref().map_or_else(
            || "Chưa tìm thấy".to_owned(),
            |a| format!("{} ngày {} của {}", a.number, format::date(a.date), a.agency),
        );
        let to = d.effective_to.map(|day| Html::text(format::date(day)).and(self.doubt("effective_to")));
        KeyValues::new()
            .row("Áp dụng từ", Html::text(format::date(d.effective_from)).and(self.doubt("effective_from")))
            .maybe("Đến hết", to)
            .maybe("Sau đó", d.successor.as_deref())
            .row("Quyết định công bố", Html::text(announced).and(self.doubt("announced")))
            .row("Mức độ trực tuyến", Html::text(d.online_level.label()).and(self.doubt("online_level")))
    }

    /// The documents as `number – title`, with the mark where the document itself was not found.
    fn laws(&self) -> Vec<Html> {
        let line = |law: &crate::procedure::definition::Law| {
            let of = law
                .date
                .map_or(" (chưa rõ ngày ban hành)".to_owned(), |day| format!(" ngày {}", format::date(day)));
            let words = Html::text(format!("{} {}{of}", law.title, law.number));
            let path = format!("legal.{}", law.number);
            let document = self.doubt(&path);
            let doubt = if document.is_empty() { self.doubt(&format!("{path}.date")) } else { document };
            words.and(doubt)
        };
        self.definition.legal.iter().map(line).collect()
    }

    /// The sources behind what is not marked, each once, and then what to know about a fact of theirs.
    fn sources(&self) -> Vec<String> {
        let facts = self.definition.facts();
        let verified = facts.iter().filter_map(|path| self.definition.provenance(path)).filter(|p| !p.is_doubtful());
        let (mut sources, mut notes) = (BTreeSet::new(), BTreeSet::new());
        for provenance in verified {
            match provenance.mark {
                Mark::Found(codes) => {
                    let known = codes.iter().filter_map(|code| register().get(code));
                    sources.extend(known.map(|source| format!("{} ({}).", source.title, source.as_of)));
                }
                _ => _ = sources.insert(source_sentence(&provenance)),
            }
            notes.extend(provenance.note.map(|note| format!("Ghi chú: {}.", note.trim_end_matches('.'))));
        }
        sources.into_iter().chain(notes).collect()
    }
}

pub(super) fn samples() -> Vec<Sample> {
    let of = |code: &str, day: &str| {
        let found = shipped().into_iter().find(|p| p.definition.code == code);
        let definition =
            found.map(|p| p.definition).unwrap_or_else(|| Arc::new(crate::procedure::catalogue::all()[0].clone()));
        page(definition, day.parse().unwrap_or_else(|_| types::Timestamp(0).day()))
    };
    vec![
        Sample { name: "citizen-procedure/birth", page: of("1.001193", "2026-11-21") },
        Sample { name: "citizen-procedure/ministry", page: of("1.001612", "2026-11-21") },
        Sample { name: "citizen-procedure/past", page: of("1.001193", "2031-01-02") },
    ]
}
