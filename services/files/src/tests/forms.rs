//! Forms with files that break off, stall, or bring too much of something.

use super::{png, store};
use crate::{FileStore, Limits, Uploads, read_form};
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart};
use futures::stream::{self, StreamExt};
use http::Request;
use std::path::Path;
use std::time::Duration;
use types::{Error, Result};

fn text_part(name: &str, value: &str) -> Vec<u8> {
    format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes()
}

fn file_part(name: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"; filename=\"a.png\"\r\n\r\n");
    [head.as_bytes(), bytes, b"\r\n"].concat()
}

async fn form(body: Body) -> Multipart {
    let request = Request::builder().method("POST").header("content-type", "multipart/form-data; boundary=x");
    Multipart::from_request(request.body(body).unwrap(), &()).await.unwrap()
}

fn read(store: &FileStore, parts: Vec<u8>, limits: Limits) -> Result<Uploads> {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let body = Body::from([parts, b"--x--\r\n".to_vec()].concat());
    runtime.block_on(async { read_form(store, form(body).await, limits).await })
}

fn incoming(data: &Path) -> usize {
    std::fs::read_dir(data.join("files/incoming")).unwrap().count()
}

#[test]
fn many_tiny_parts_are_refused_with_a_sentence() {
    let (_dir, store) = store();
    let parts = |count: usize| (0..count).flat_map(|n| text_part(&format!("f{n}"), "")).collect::<Vec<u8>>();
    assert_eq!(read(&store, parts(2_000), Limits::default()).unwrap().fields.0.len(), 2_000);
    let Err(Error::Invalid(wrong)) = read(&store, parts(2_001), Limits::default()) else { panic!("it was taken") };
    assert!(wrong[0].message.contains("quá 2000 mục"), "{}", wrong[0].message);
}

#[test]
fn much_text_in_all_is_refused_with_a_sentence_even_when_each_field_is_short() {
    let (_dir, store) = store();
    let long = "a".repeat(60 * 1024);
    let parts = |count: usize| (0..count).flat_map(|_| text_part("f", &long)).collect::<Vec<u8>>();
    assert!(read(&store, parts(17), Limits::default()).is_ok());
    let Err(Error::Invalid(wrong)) = read(&store, parts(18), Limits::default()) else { panic!("it was taken") };
    assert!(wrong[0].message.contains("Tổng nội dung"), "{}", wrong[0].message);
    let name = "n".repeat(60 * 1024);
    let named = (0..18).flat_map(|_| text_part(&name, "")).collect::<Vec<u8>>();
    assert!(read(&store, named, Limits::default()).is_err(), "names cost memory too");
}

#[test]
fn an_upload_that_nobody_waits_for_any_more_leaves_nothing() {
    let (dir, store) = store();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let half = file_part("f", &png(300, 300));
    let half = Bytes::from(half[..half.len() / 2].to_vec());
    runtime.block_on(async {
        let body = Body::from_stream(stream::iter([Ok::<_, std::io::Error>(half.clone())]).chain(stream::pending()));
        let reading = read_form(&store, form(body).await, Limits::default());
        // What the time limit of a request does, and a browser that goes away.
        assert!(tokio::time::timeout(Duration::from_millis(200), reading).await.is_err());
    });
    assert_eq!(incoming(dir.path()), 0, "the half file lies about");

    let broken = stream::iter([Ok(half), Err(std::io::Error::other("the line broke"))]);
    let read =
        runtime.block_on(async { read_form(&store, form(Body::from_stream(broken)).await, Limits::default()).await });
    assert!(matches!(read, Err(Error::Invalid(_))), "{read:?}");
    assert_eq!(incoming(dir.path()), 0, "the half file lies about");
}
