//! Requests about certificates on their way. Nobody of them exists.

use super::{Rank, World};
use store::params;
use testkit::Form;
use types::Id;

const OWN: &str = "/chung-thu-ky/de-nghi";
const REGISTER: &str = "/quan-tri/chung-thu-ky/de-nghi";

impl World {
    /// Nothing is asked for any more.
    pub fn no_requests(&self) {
        self.write(|tx| {
            tx.not_audited("a test begins anew");
            tx.exec("UPDATE certificate_request SET state = 5 WHERE state < 3", params![])
        });
    }

    /// The form by which somebody asks for a new certificate.
    pub fn new_request(&self, rank: Rank) -> Form {
        let form = self.form_of(rank, &format!("{OWN}/moi?loai=new"), &format!("{OWN}/moi"));
        form.set("email", "mau@suoimo.vidu.gov.vn").set("phone", "0905 123 456").set("identity", "000000000012")
    }

    /// What somebody asked for last.
    pub fn last_request(&self) -> Id {
        self.read(|reader| reader.one::<(Id,)>("SELECT max(id) FROM certificate_request", params![])).0
    }

    /// The leader asks for a new certificate, and for nothing else.
    pub fn asked_request(&self) -> Id {
        self.no_requests();
        let form = self.new_request(Rank::Leader);
        self.person(Rank::Leader).browser.clone().submit(&form).assert_status(303);
        self.last_request()
    }

    /// The same, confirmed.
    pub fn confirmed_request(&self) -> Id {
        let id = self.asked_request();
        let form = self.form_of(Rank::Keeper, &format!("{OWN}/{id}"), &format!("{REGISTER}/{id}/xac-nhan"));
        self.person(Rank::Keeper).browser.clone().submit(&form).assert_status(303);
        id
    }

    /// The form that says with which document it went out.
    pub fn sending_form(&self, id: Id) -> Form {
        let form = self.form_of(Rank::Keeper, &format!("{REGISTER}?trang-thai=confirmed"), &format!("{REGISTER}/gui"));
        form.tick("chon", &id.to_string()).set("number", "125/UBND-VP")
    }

    /// The same, sent.
    pub fn sent_request(&self) -> Id {
        let id = self.confirmed_request();
        self.person(Rank::Keeper).browser.clone().submit(&self.sending_form(id)).assert_status(303);
        id
    }
}
