//! The interface as an OpenAPI document, made of the columns and problems the program itself knows.

use super::{
    DOCUMENT, ORDERS, PUSH, RATINGS,
    problem::{Problem, ProblemDocument},
};
use rating_import::{FileKind, KnownColumn, MOST_RECORDS};
use serde_json::json;
use std::collections::BTreeMap;
use utoipa::{
    ToSchema,
    openapi::{
        ComponentsBuilder, ContentBuilder, HttpMethod, InfoBuilder, ObjectBuilder, OpenApi,
        OpenApiBuilder, PathItem, PathsBuilder, Ref, RefOr, Required, ResponseBuilder,
        ResponsesBuilder,
        path::{Operation, OperationBuilder, ParameterBuilder, ParameterIn},
        request_body::RequestBodyBuilder,
        schema::{AdditionalProperties, ArrayBuilder, Object, SchemaType, Type},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};

const KEY: &str = "key";

/// What became of the rows; the text of an answer is made by `workflows`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "says what the answer holds")]
pub(super) struct PushAnswer {
    /// Number of the batch; null for a dry run.
    batch: Option<String>,
    /// Rows that hold data.
    rows_total: u64,
    /// Rows not seen before.
    new: u64,
    /// Rows that were there with the same content.
    same: u64,
    /// Rows that replaced an earlier version.
    changed: u64,
    /// Rows whose number stood in the request before.
    duplicates: u64,
    /// Rows that gave nothing because something is wrong.
    rejected: u64,
    /// What is wrong: the first thousand.
    issues: Vec<PushIssue>,
}

/// Something wrong in a row.
#[derive(ToSchema)]
#[expect(dead_code, reason = "says what the answer holds")]
pub(super) struct PushIssue {
    /// Place in `rows`, 1 for the first; 0 for a whole column.
    row: u32,
    /// Name of the column.
    column: String,
    /// Code of the rule.
    code: String,
    /// What is wrong, in Chinese.
    message: String,
    /// What to do, in Chinese.
    remedy: String,
}

/// The document.
pub(super) fn document() -> OpenApi {
    let info = InfoBuilder::new()
        .title("回音数据推送接口 / Huiyin push interface")
        .version("1")
        .description(Some("办事大厅和热线系统按行推送评价和工单，规则和导入文件相同。/ Systems of halls and hotlines send ratings and orders as rows, under the rules of imported files."));
    let paths = PathsBuilder::new()
        .path(
            PUSH,
            get("接口说明页 / This interface as a page", "text/html"),
        )
        .path(DOCUMENT, get("本文档 / This document", "application/json"))
        .path(
            RATINGS,
            post(
                "推送办事大厅好差评 / Send ratings of service centres",
                "pushRatings",
                "Ratings",
            ),
        )
        .path(
            ORDERS,
            post("推送热线工单 / Send hotline orders", "pushOrders", "Orders"),
        );
    let key = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some(
            "评价办发给来源系统的密钥 / The key the office gave to the source",
        ))
        .build();
    let components = ComponentsBuilder::new()
        .schema_from::<PushIssue>()
        .schema_from::<PushAnswer>()
        .schema_from::<ProblemDocument>()
        .schema("Ratings", body_of(FileKind::HallRatings))
        .schema("Orders", body_of(FileKind::HotlineOrders))
        .security_scheme(KEY, SecurityScheme::Http(key));
    OpenApiBuilder::new()
        .info(info)
        .paths(paths)
        .components(Some(components.build()))
        .build()
}

fn get(summary: &str, media: &str) -> PathItem {
    let found = ResponseBuilder::new()
        .description("OK")
        .content(media, ContentBuilder::new().build());
    let operation = OperationBuilder::new()
        .summary(Some(summary))
        .response("200", found);
    PathItem::new(HttpMethod::Get, operation)
}

fn post(summary: &str, id: &str, body: &str) -> PathItem {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name(body)));
    let body = RequestBodyBuilder::new()
        .content("application/json", content.build())
        .required(Some(Required::True));
    let name = ParameterBuilder::new()
        .name("Idempotency-Key")
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(
            "这次推送的名字，重发时不变 / Name of the request, kept when it is sent again",
        ))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .pattern(Some("^[\\x21-\\x7e]{1,64}$")),
        ));
    let operation: Operation = OperationBuilder::new()
        .summary(Some(summary))
        .operation_id(Some(id))
        .parameter(name)
        .request_body(Some(body.build()))
        .security(SecurityRequirement::new::<_, [&str; 0], &str>(KEY, []))
        .responses(responses().build())
        .build();
    PathItem::new(HttpMethod::Post, operation)
}

/// The answer, and the problems by status.
fn responses() -> ResponsesBuilder {
    let answer = ContentBuilder::new().schema(Some(Ref::from_schema_name("PushAnswer")));
    let taken = ResponseBuilder::new()
        .description("已处理 / Done")
        .content("application/json", answer.build());
    let mut problems: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for problem in Problem::all() {
        let said = problem.said();
        let words = format!("{} {} / {}", said.code, said.title[0], said.title[1]);
        problems.entry(said.status).or_default().push(words);
    }
    let all = ResponsesBuilder::new().response("200", taken);
    problems.into_iter().fold(all, |all, (status, words)| {
        let problem = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem")));
        let problem = ResponseBuilder::new()
            .description(words.join("; "))
            .content("application/problem+json", problem.build());
        all.response(status.to_string(), problem)
    })
}

fn body_of(kind: FileKind) -> Object {
    let rows = ArrayBuilder::new()
        .items(row_of(kind))
        .min_items(Some(1))
        .max_items(Some(MOST_RECORDS));
    let round = ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("轮次编号 / Code of the round"))
        .examples([json!("2026Q3")]);
    let dry_run = ObjectBuilder::new()
        .schema_type(Type::Boolean)
        .description(Some("只检查，不写入 / Only checked, nothing is written"))
        .default(Some(json!(false)));
    ObjectBuilder::new()
        .property("round", round)
        .property("dry_run", dry_run)
        .property("rows", rows)
        .required("round")
        .required("rows")
        .additional_properties(Some(AdditionalProperties::FreeForm(false)))
        .build()
}

/// A column may have any of its names, so that none is required under one name only.
fn row_of(kind: FileKind) -> Object {
    let other = cell("其他列不收 / Other columns are dropped").into();
    let other = AdditionalProperties::RefOr(RefOr::T(other));
    let row = ObjectBuilder::new()
        .description(Some(
            "列名和导入文件的表头相同 / Columns are named like the headers of imported files",
        ))
        .min_properties(Some(1))
        .additional_properties(Some(other));
    let columns = kind.columns().into_iter();
    columns
        .fold(row, |row, column| {
            let words = words_of(&column);
            row.property(column.name, cell(&words))
        })
        .build()
}

fn words_of(column: &KnownColumn) -> String {
    let needed = if column.required {
        "必填 required; "
    } else {
        ""
    };
    format!("{needed}又名 also: {}", column.aliases.join(" | "))
}

fn cell(words: &str) -> Object {
    let types = [Type::String, Type::Number, Type::Boolean, Type::Null];
    ObjectBuilder::new()
        .schema_type(SchemaType::from_iter(types))
        .description(Some(words))
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn names(value: &serde_json::Value) -> BTreeSet<String> {
        value.as_object().unwrap().keys().cloned().collect()
    }

    #[test]
    fn the_document_is_of_version_3_1_and_knows_every_column_and_problem() {
        let document = serde_json::to_value(document()).unwrap();

        assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
        let row = &document["components"]["schemas"]["Ratings"]["properties"]["rows"]["items"];
        for column in FileKind::HallRatings.columns() {
            assert!(row["properties"][&column.name].is_object(), "{column:?}");
        }
        let answers = &document["paths"][RATINGS]["post"]["responses"];
        for problem in Problem::all() {
            let said = problem.said();
            let words = answers[said.status.to_string()]["description"].as_str();
            assert!(words.unwrap().contains(said.code));
        }
    }

    #[test]
    fn an_answer_holds_what_the_document_says() {
        let document = serde_json::to_value(document()).unwrap();
        let schemas = &document["components"]["schemas"];
        let issue = workflows::PushIssue {
            row: 1,
            column: String::new(),
            code: String::new(),
            message: String::new(),
            remedy: String::new(),
        };
        let answer = workflows::PushAnswer {
            batch: None,
            rows_total: 1,
            new: 0,
            same: 0,
            changed: 0,
            duplicates: 0,
            rejected: 1,
            issues: vec![issue.clone()],
        };
        for (schema, said) in [
            ("PushAnswer", serde_json::to_value(answer).unwrap()),
            ("PushIssue", serde_json::to_value(issue).unwrap()),
        ] {
            assert_eq!(names(&schemas[schema]["properties"]), names(&said));
        }
    }
}
