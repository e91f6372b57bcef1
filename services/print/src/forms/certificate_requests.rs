//! Requests about certificates, as a list of facts. The decree's own forms (Decree 68/2024/NĐ-CP) were not had; the print says so.

use super::AgencyHead;
use crate::{Job, Page, PrintError, Template};
use serde::{Deserialize, Serialize};
use types::Timestamp;

/// What the print says. Becomes a PDF by [`CertificateRequestsData::job`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertificateRequestsData {
    /// Marks every page "BẢN DEMO – dữ liệu hư cấu".
    pub demo: bool,
    /// When it was drawn up.
    pub made_at: Timestamp,
    /// One for each agency, each from a page of its own.
    pub sheets: Vec<RequestSheet>,
}

/// The requests of one agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestSheet {
    /// The agency that directly manages those who asked.
    pub head: AgencyHead,
    /// Place before the date ("địa danh").
    pub place: String,
    /// In the order in which they were asked.
    pub requests: Vec<RequestLine>,
}

/// A request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestLine {
    /// What is asked for, e.g. "Thu hồi chứng thư".
    pub ask: String,
    /// Nothing was found of it in the law.
    pub unverified: bool,
    /// The agency whose certificate it is; none for a person's own.
    pub agency: Option<String>,
    /// The person, or whoever looks after the agency's certificate.
    pub name: String,
    /// That person's post.
    pub post: String,
    /// Where that person works.
    pub workplace: String,
    /// Official mailbox.
    pub email: String,
    /// Telephone.
    pub phone: String,
    /// Personal number, where it was given and may be shown.
    pub identity: Option<String>,
    /// Where the key shall lie, in words.
    pub key_place: Option<String>,
    /// The certificate that it is about.
    pub certificate: Option<NamedCertificate>,
    /// Why.
    pub reason: Option<String>,
    /// When it was asked.
    pub asked_at: Timestamp,
}

/// A certificate, as its authority finds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedCertificate {
    /// Whom it names.
    pub name: String,
    /// Who issued it.
    pub issuer: String,
    /// Serial number in hex.
    pub serial: String,
    /// When it ends.
    pub valid_to: Timestamp,
}

impl CertificateRequestsData {
    /// The print job.
    ///
    /// # Errors
    /// None in practice: plain data always becomes JSON.
    pub fn job(&self, ident: &str) -> Result<Job, PrintError> {
        Ok(Job {
            template: Template::named("certificate-requests"),
            ident: format!("{ident}/certificate-requests"),
            data: serde_json::to_value(self).map_err(|e| PrintError::Protocol(e.to_string()))?,
            assets: vec![],
            page: Page::A4,
            made_at: self.made_at,
        })
    }

    /// Two agencies, long names; fictional, and marked so.
    pub fn sample() -> Self {
        let at = |s: &str| -> Timestamp { s.parse().expect("a moment written in this file") };
        let line = |ask: &str, name: &str| RequestLine {
            ask: ask.into(),
            unverified: false,
            agency: None,
            name: name.into(),
            post: "Công chức Tư pháp – Hộ tịch".into(),
            workplace: "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân xã An Bình".into(),
            email: "myhanh.congtangtonnu@anbinh.vidu.gov.vn".into(),
            phone: "0905 123 456".into(),
            identity: Some("000000000012".into()),
            key_place: Some("USB ký số (PKI Token)".into()),
            certificate: None,
            reason: None,
            asked_at: at("2026-11-20T14:05"),
        };
        let certificate = NamedCertificate {
            name: "Ủy ban nhân dân xã An Bình".into(),
            issuer: "Tổ chức chứng thực mẫu".into(),
            serial: "7A:F2:DF:52:18:26:53:D3".into(),
            valid_to: at("2026-12-24T00:00"),
        };
        let head = |agency: &str| AgencyHead {
            superior: Some("Ủy ban nhân dân tỉnh Đắk Lắk".into()),
            agency: agency.into(),
            counter: None,
        };
        Self {
            demo: true,
            made_at: at("2026-11-25T14:30"),
            sheets: vec![
                RequestSheet {
                    head: head("Ủy ban nhân dân xã An Bình"),
                    place: "An Bình".into(),
                    requests: vec![
                        line("Cấp chứng thư mới", "Công Tằng Tôn Nữ Nguyễn Thị Mỹ Hạnh Uyên Phương"),
                        RequestLine {
                            agency: Some("Ủy ban nhân dân xã An Bình".into()),
                            certificate: Some(certificate.clone()),
                            key_place: Some("Thiết bị ký của máy chủ (HSM)".into()),
                            identity: None,
                            ..line("Gia hạn hoặc cấp mới thay thế", "Lò Thị Mẩy")
                        },
                        RequestLine {
                            certificate: Some(certificate),
                            key_place: None,
                            unverified: true,
                            reason: Some("Nghỉ chế độ thai sản từ ngày 01/12/2026 đến hết ngày 31/5/2027.".into()),
                            ..line("Tạm dừng chứng thư", "Chẩu Thị Xuyến Chi")
                        },
                    ],
                },
                RequestSheet {
                    head: head("Ủy ban nhân dân xã Tân Hòa"),
                    place: "Tân Hòa".into(),
                    requests: vec![line("Cấp chứng thư mới", "Đặng Đình Ưởng")],
                },
            ],
        }
    }
}
