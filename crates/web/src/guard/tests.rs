use super::{only_same_origin, with_headers};
use actix_web::{
    App, HttpResponse,
    body::to_bytes,
    dev::ServiceResponse,
    http::{StatusCode, header},
    middleware::from_fn,
    test::{TestRequest, call_service, init_service},
    web,
};

async fn answered(request: TestRequest) -> ServiceResponse<impl actix_web::body::MessageBody> {
    let app = App::new().service(
        web::scope("")
            .wrap(from_fn(only_same_origin))
            .wrap(from_fn(with_headers))
            .route(
                "/page",
                web::get().to(|| async { HttpResponse::Ok().body("ok") }),
            )
            .route(
                "/page",
                web::post().to(|| async { HttpResponse::Ok().body("taken") }),
            )
            .route(
                "/stop/{handle}",
                web::post().to(|| async { HttpResponse::Ok().body("stopped") }),
            )
            .default_service(web::to(|| async { HttpResponse::NotFound().finish() })),
    );
    let app = init_service(app).await;
    call_service(&app, request.to_request()).await
}

fn header_of<B>(response: &ServiceResponse<B>, name: header::HeaderName) -> String {
    let value = response.headers().get(name);
    value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
}

#[actix_web::test]
async fn every_answer_carries_the_headers_refusals_and_missing_pages_too() {
    let requests = [
        TestRequest::get().uri("/page"),
        TestRequest::get().uri("/nowhere"),
        TestRequest::post().uri("/page"),
    ];
    for request in requests {
        let response = answered(request).await;

        let policy = header_of(&response, header::CONTENT_SECURITY_POLICY);
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self';"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"));
        assert_eq!(
            header_of(&response, header::X_CONTENT_TYPE_OPTIONS),
            "nosniff"
        );
        assert_eq!(header_of(&response, header::CACHE_CONTROL), "no-store");
    }
}

#[actix_web::test]
async fn a_form_from_another_site_is_stopped_with_a_page_in_plain_words() {
    let request = TestRequest::post()
        .uri("/page")
        .insert_header(("sec-fetch-site", "cross-site"));

    let response = answered(request).await;

    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    let body = to_bytes(response.into_body()).await.ok().unwrap();
    assert!(String::from_utf8_lossy(&body).contains("请从本站的页面提交"));
}

#[actix_web::test]
async fn a_form_of_our_own_is_taken() {
    let request = TestRequest::post()
        .uri("/page")
        .insert_header((header::HOST, "10.0.0.5:8080"))
        .insert_header((header::ORIGIN, "http://10.0.0.5:8080"));

    assert_eq!(answered(request).await.status(), StatusCode::OK);
}

#[actix_web::test]
async fn reading_needs_no_origin() {
    let request = TestRequest::get()
        .uri("/page")
        .insert_header(("sec-fetch-site", "cross-site"));

    assert_eq!(answered(request).await.status(), StatusCode::OK);
}

#[actix_web::test]
async fn a_mail_program_stops_letters_with_one_click() {
    let request = TestRequest::post().uri("/stop/0123456789abcdef0123456789abcdef");

    assert_eq!(answered(request).await.status(), StatusCode::OK);
}
