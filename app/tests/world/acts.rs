//! Everything that is done on the page of a dossier, each with the state in which it can be done.

use super::work::pdf;
use super::{Rank, World, with_date};
use testkit::{Form, Part};

/// One act.
pub struct Act {
    /// The last part of its address.
    pub name: &'static str,
    /// Whose step it is.
    pub rank: Rank,
    /// Whether it hangs on the step; anybody who sees the dossier writes a note, every counter delivers, whoever leads gives
    /// work to another.
    pub of_the_holder: bool,
    /// Makes a dossier in that state; answers its code.
    pub code: fn(&World) -> String,
    /// Fills the form in.
    pub fill: fn(&World, &str, Form) -> Form,
}

const REASON: &str = "Thiếu bản chính bằng tốt nghiệp.";

/// All of them.
pub fn acts() -> Vec<Act> {
    let of = |name, rank, code: fn(&World) -> String, fill| Act { name, rank, of_the_holder: true, code, fill };
    let specialist = |name, fill| of(name, Rank::Specialist, World::taken, fill);
    vec![
        of("nhan-xu-ly", Rank::Specialist, World::waiting, |_, _, form| form),
        specialist("chuyen", |world, _, form| {
            form.set("chuyen.to", &world.person(Rank::Leader).post.expect("a post").to_string())
        }),
        specialist("tra-lai", |_, _, form| form.set("tra-lai.reason", REASON)),
        specialist("bo-sung", |_, _, form| form.set("bo-sung.reason", REASON)),
        specialist("nghia-vu", |_, _, form| form.set("nghia-vu.reason", "Phí chứng thực 6.000 đồng, nộp tại quầy.")),
        specialist("rut", |_, _, form| form.set("rut.reason", "Công dân có đơn xin rút.")),
        specialist("dung", |_, _, form| form.set("dung.reason", "Bản chính đã tẩy xóa.")),
        specialist("xin-loi", |_, _, form| {
            let form = form.set("xin-loi.reason", "Cơ quan phối hợp chưa trả lời.");
            with_date(form, "xin-loi.day", "2026-12-01".parse().expect("a day"))
        }),
        of("tiep-tuc", Rank::Specialist, World::stopped, |_, _, form| form),
        specialist("trinh-ky", |_, _, form| {
            let part = Part::file("trinh-ky.file", "Bản sao.pdf", "application/pdf", super::signing::UNSIGNED);
            form.set("trinh-ky.title", "Bản sao chứng thực").attach(part)
        }),
        of("ket-qua", Rank::Clerk, World::at_the_clerk, |_, code, form| {
            let part = Part::file("ket-qua.file", "Bản sao chứng thực.pdf", "application/pdf", &pdf(code));
            form.set("ket-qua.number", "12/CT-SY").attach(part)
        }),
        Act {
            of_the_holder: false,
            ..specialist("ghi-chu", |_, _, form| form.set("ghi-chu.text", "Đã gọi điện cho công dân."))
        },
        Act {
            of_the_holder: false,
            ..of("chuyen-nguoi", Rank::Leader, World::taken, |world, _, form| {
                let form = form.set("chuyen-nguoi.to", &world.another_specialist().to_string());
                form.set("chuyen-nguoi.reason", "Người giữ việc nghỉ ốm.")
            })
        },
        Act {
            of_the_holder: false,
            ..of("nhan-bo-sung", Rank::Counter, World::stopped, |_, code, form| {
                let part = Part::file("nhan-bo-sung.1.file", "Bản chính.pdf", "application/pdf", &pdf(code));
                form.set("nhan-bo-sung.1.giay", "ban-chinh").set("nhan-bo-sung.1.chinh", "1").attach(part)
            })
        },
        Act {
            of_the_holder: false,
            ..of("rut-tai-quay", Rank::Counter, World::taken, |_, _, form| {
                form.set("rut-tai-quay.reason", "Công dân có đơn xin rút.")
            })
        },
        Act {
            of_the_holder: false,
            ..of("thay-ket-qua", Rank::Clerk, World::finished, |_, code, form| {
                let part =
                    Part::file("thay-ket-qua.file", "Bản đúng.pdf", "application/pdf", &pdf(&format!("{code} 2")));
                form.set("thay-ket-qua.reason", "Nhầm tệp.").attach(part)
            })
        },
        Act { of_the_holder: false, ..of("tra-ket-qua", Rank::Counter, World::finished, |_, _, form| form) },
    ]
}
