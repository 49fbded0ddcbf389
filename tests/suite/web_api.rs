//! The API: every reply fits its description, and `ask` gives what `ask --json` gives.

use crate::harness::{TestClock, app, shipped_data};
use crate::page::RunningPage;
use planbot::{Clock, plain_reply};
use serde_json::{Map, Value};

const QUESTIONS: [&str; 6] = [
    "失业率2022年目标",
    "什么是放管服",
    "完成了吗",
    "火星人口",
    "你好",
    "都有哪些指标",
];

/// What of a value does not fit a schema, each with its place. It knows the words that the description uses and no other.
fn misfits(root: &Value, schema: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    let known = [
        "$ref",
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
        "enum",
        "minimum",
        "minLength",
        "maxLength",
        "pattern",
        "format",
        "description",
    ];
    for word in schema.as_object().unwrap().keys() {
        assert!(
            known.contains(&word.as_str()),
            "{place}: the test does not know {word}"
        );
    }
    if let Some(name) = schema["$ref"].as_str() {
        let target = root.pointer(name.strip_prefix('#').unwrap());
        return misfits(
            root,
            target.unwrap_or_else(|| panic!("{name} is not there")),
            value,
            place,
            found,
        );
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let types: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().map(|one| one.as_str().unwrap()).collect(),
        _ => vec![kind],
    };
    if !types.contains(&kind) {
        found.push(format!("{place} is {kind}, not {types:?}"));
    }
    if schema["enum"]
        .as_array()
        .is_some_and(|words| !words.contains(value))
    {
        found.push(format!("{place} is {value}"));
    }
    if let (Some("date"), Some(text)) = (schema["format"].as_str(), value.as_str()) {
        text.parse::<chrono::NaiveDate>().unwrap();
    }
    if let Value::Object(fields) = value {
        let none = Map::new();
        let properties = schema["properties"].as_object().unwrap_or(&none);
        for name in schema["required"].as_array().into_iter().flatten() {
            if !fields.contains_key(name.as_str().unwrap()) {
                found.push(format!("{place} has no {name}"));
            }
        }
        for (name, field) in fields {
            match properties.get(name) {
                Some(schema) => misfits(root, schema, field, &format!("{place}.{name}"), found),
                None if schema["additionalProperties"] == Value::Bool(false) => {
                    found.push(format!("{place} has {name}"))
                }
                None => {}
            }
        }
    }
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        if schema.get("items").is_some() {
            misfits(
                root,
                &schema["items"],
                item,
                &format!("{place}[{at}]"),
                found,
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_reply_fits_the_description() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    let description = client.get("/api/v1/openapi.json").await.json();
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1."));
    let mut tried: Vec<String> = QUESTIONS
        .iter()
        .map(|question| format!("/api/v1/ask?q={}", crate::http::encoded(question)))
        .collect();
    tried.extend(
        [
            "indicators",
            "indicators?year=2021&sort=name&dir=desc",
            "terms",
            "terms?q=%E6%9C%8D%E5%8A%A1",
            "passages?q=2022",
            "passages",
            "deadlines",
            "deadlines?from=2022-01-01&to=2022-12-31",
            "openapi.json",
        ]
        .map(|path| format!("/api/v1/{path}")),
    );
    tried.extend(
        [
            "ask",
            "ask?q=x&today=yesterday",
            "indicators?plan=nowhere",
            "terms?plan=..%2F..",
            "deadlines?from=2022-02-01&to=2022-01-01",
        ]
        .map(|path| format!("/api/v1/{path}")),
    );
    let mut seen = Vec::new();
    for path in tried {
        let reply = client.get(&path).await;
        let bare = path.split('?').next().unwrap();
        let status = reply.status.to_string();
        let operation = &description["paths"][bare]["get"]["responses"][&status];
        let schema = &operation["content"]["application/json"]["schema"];
        assert!(
            schema.is_object(),
            "{path} gives {status}, which is not described: {}",
            reply.body
        );
        assert_eq!(
            reply.header("content-type"),
            Some("application/json"),
            "{path}"
        );
        let mut found = Vec::new();
        misfits(&description, schema, &reply.json(), "$", &mut found);
        assert!(found.is_empty(), "{path}: {found:#?}");
        seen.push(bare.to_string());
    }
    for (path, operation) in description["paths"].as_object().unwrap() {
        assert!(seen.contains(path), "{path} was not tried");
        assert_eq!(
            operation.as_object().unwrap().keys().collect::<Vec<_>>(),
            ["get"],
            "the API only reads"
        );
    }
    page.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ask_gives_what_the_command_gives() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    let app = app(&shipped_data(), None);
    for question in QUESTIONS {
        let answered = app.ask_as_of(question, TestClock::default().today());
        let mut expected: Value =
            serde_json::from_str(&answered.json(plain_reply).unwrap()).unwrap();
        for _ in 0..2 {
            let mut given = client
                .get(&format!("/api/v1/ask?q={}", crate::http::encoded(question)))
                .await
                .json();
            // How long it took is the only thing that may differ.
            given["elapsed_us"] = Value::Null;
            expected["elapsed_us"] = Value::Null;
            assert_eq!(given, expected);
        }
    }
    page.finish().await;
}

/// Values that a parameter must not have, and one that it may, by what the description says of it.
fn around(schema: &Value) -> (Vec<String>, String) {
    let mut refused = Vec::new();
    let mut taken = "x".to_string();
    if let Some(words) = schema["enum"].as_array() {
        refused.push("别的".to_string());
        taken = words[0].as_str().unwrap().to_string();
    }
    if let Some(most) = schema["maxLength"].as_u64() {
        // Of the longest letters: as many as are allowed must also fit into an address.
        taken = "😀".repeat(most as usize);
        refused.push(format!("{taken}😀"));
    }
    if schema["format"] == "date" {
        taken = "2022-07-01".to_string();
        refused.extend(["2022-7-1", "2022-02-30", "20220701"].map(String::from));
    }
    match schema["pattern"].as_str() {
        Some(form) if form.starts_with("^([0-9]") => {
            taken = "2022".to_string();
            refused.extend(["22", "20222", " 2022"].map(String::from));
        }
        Some(form) if form.starts_with("^(name") => {
            taken = "2022-target".to_string();
            refused.extend(["names", "2022", "2022-aim"].map(String::from));
        }
        Some(_) => refused.extend(["", " \u{3000}", "\u{1c}\u{feff}"].map(String::from)),
        None => {}
    }
    (refused, taken)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_description_does_not_allow_is_refused() {
    let page = RunningPage::start().await;
    let mut client = page.browser().await;
    let description = client.get("/api/v1/openapi.json").await.json();
    let mut tried = 0;
    for (path, operation) in description["paths"].as_object().unwrap() {
        let parameters = operation["get"]["parameters"].as_array();
        for parameter in parameters.into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap();
            let (refused, taken) = around(&parameter["schema"]);
            assert!(!refused.is_empty(), "{path} {name} takes everything");
            let required = if path.ends_with("ask") && name != "q" {
                "q=x&"
            } else {
                ""
            };
            let address =
                |value: &str| format!("{path}?{required}{name}={}", crate::http::encoded(value));
            for value in &refused {
                let reply = client.get(&address(value)).await;
                assert_eq!(reply.status, 400, "{name}={value:?}: {}", reply.body);
                assert!(reply.body.contains(name), "{}", reply.body);
                tried += 1;
            }
            let status = client.get(&address(&taken)).await.status;
            let is_unknown_plan = name == "plan" && status == 404;
            assert!(status == 200 || is_unknown_plan, "{name}={taken}: {status}");
            // What a form leaves empty says nothing.
            if parameter["required"] == false && parameter["schema"]["format"] != "date" {
                let status = client.get(&address("")).await.status;
                assert_eq!(status, 200, "{name} is empty");
            }
        }
    }
    assert!(tried > 20, "{tried} values were tried");
    let missing = client.get("/api/v1/ask").await;
    assert!(missing.body.contains("缺少 q"), "{}", missing.body);
    // Up to a day that is past: what was due before it.
    let past = client.get("/api/v1/deadlines?to=2020-12-31").await;
    assert_eq!(past.status, 200, "{}", past.body);
    page.finish().await;
}
