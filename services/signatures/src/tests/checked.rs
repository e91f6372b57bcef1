//! Files that are checked, as the page does it.

use super::{CHANGED, ROOT, SIGNED, UNSIGNED, root_hash};
use crate::{Checker, trusted};
use signing::trust::{Listed, TrustList};
use signing::verify::{Code, Report, Verdict};
use std::sync::Arc;
use types::Timestamp;

fn trust() -> TrustList {
    let brought = trusted::bring(ROOT, (&root_hash(), "mẫu")).unwrap();
    let listed = Listed { checked: Timestamp(0).day(), certificate: vec![brought[0].entry.clone()] };
    listed.load(&[ROOT.to_vec()]).unwrap()
}

#[tokio::test]
async fn what_was_signed_holds_what_was_changed_does_not() {
    let checker = Checker::default();
    let check = async |file: &[u8], trust: TrustList| -> Report {
        checker.check((file.to_vec(), None), Arc::new(trust), Timestamp::now()).await.unwrap().0
    };
    let signed = check(SIGNED, trust()).await;
    assert_eq!(signed.verdict, Verdict::Valid, "{signed:?}");
    assert_eq!(signed.signatures[0].signer.as_deref(), Some("Lê Văn Mẫu"));
    assert_eq!(check(CHANGED, trust()).await.verdict, Verdict::Invalid);
    let unsigned = check(UNSIGNED, trust()).await;
    assert_eq!(unsigned.findings[0].code, Code::NoSignature);
    let nobody = check(SIGNED, TrustList::default()).await;
    assert!(nobody.signatures[0].findings.iter().any(|finding| finding.code == Code::UntrustedChain));
    assert!(nobody.signatures[0].intact, "whom it is of is another question");
}

#[tokio::test]
async fn places_are_held_by_whose_file_is_in_memory_also_when_nobody_waits_any_more() {
    let checker = Checker::default();
    let (places, turns) = checker.free();
    let mut held = vec![checker.place("a").await.unwrap(), checker.place("a").await.unwrap()];
    assert!(matches!(checker.place("a").await, Err(types::Error::Busy(_))), "a network has two places");
    let place = checker.place("b").await.unwrap();
    held.clear();
    assert_eq!(checker.free().0, places - 1);
    drop(checker.place("a").await.unwrap());
    // Begun and given up at once: what was begun still holds its place and its turn.
    let mut asked = Box::pin(checker.check((SIGNED.to_vec(), Some(place)), Arc::new(trust()), Timestamp::now()));
    let begun = std::future::poll_fn(|cx| std::task::Poll::Ready(asked.as_mut().poll(cx).is_ready())).await;
    assert!(!begun);
    assert_eq!(checker.free(), (places - 1, turns - 1));
    drop(asked);
    while checker.free() != (places, turns) {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}
