//! The OpenAPI document says everything that the interface has, and nothing else.

use crate::world::each_world;
use serde_json::Value;
use std::collections::BTreeSet;

fn described(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().expect("the document has paths");
    let of_path = |(path, item): (&String, &Value)| {
        let methods = item.as_object().expect("a path has methods").keys();
        methods.map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of_path).collect()
}

fn declared() -> BTreeSet<(String, String)> {
    let routes = (dossiers::MODULE.routes)();
    let routes = routes.list().iter().filter(|route| route.path.starts_with("/api/"));
    routes.map(|route| (route.method.to_string(), route.path.to_owned())).collect()
}

/// Every `$ref` of the document.
fn references<'v>(value: &'v Value, found: &mut BTreeSet<&'v str>) {
    match value {
        Value::Object(fields) => {
            found.extend(fields.get("$ref").and_then(Value::as_str));
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(values) => values.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

#[test]
fn every_route_is_described_and_every_description_is_a_route() {
    each_world(|world| {
        let document = world.browser().get("/api/openapi.json").assert_status(200).json();
        assert_eq!(described(&document), declared());
        assert!(declared().len() >= 9);
    });
}

#[test]
fn schemas_are_complete_and_writes_say_what_can_go_wrong() {
    each_world(|world| {
        let document = world.browser().get("/api/openapi.json").json();
        let mut found = BTreeSet::new();
        references(&document, &mut found);
        assert!(found.len() > 10, "{found:?}");
        for reference in found {
            let pointer = reference.strip_prefix('#').expect("a reference into the document");
            assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
        }
        for (method, path) in described(&document) {
            let operation = &document["paths"][&path][method.to_lowercase()];
            assert!(operation["operationId"].is_string(), "{method} {path}");
            if method == "POST" {
                let error = &operation["responses"]["422"]["content"]["application/json"]["schema"]["$ref"];
                assert_eq!(error, "#/components/schemas/ApiError", "{method} {path}");
                assert_eq!(operation["security"][0]["token"], serde_json::json!([]), "{method} {path}");
                let parameters = operation["parameters"].to_string();
                assert!(parameters.contains("Idempotency-Key"), "{method} {path}: {parameters}");
            }
        }
        assert_eq!(document["components"]["securitySchemes"]["token"]["scheme"], "bearer");
        let actions = document["components"]["schemas"]["Action"].to_string();
        for action in [
            "take",
            "pass",
            "send_back",
            "note",
            "request_supplement",
            "request_payment",
            "resume",
            "withdraw",
            "stop",
            "finish",
            "replace_result",
        ] {
            assert!(actions.contains(&format!("\"{action}\"")), "{action} is not described");
        }
    });
}
