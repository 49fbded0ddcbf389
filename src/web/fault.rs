//! What is said when a request cannot be served: one clear sentence, as a page or for programs as
//! JSON.

use super::frame;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use maud::html;

/// Why a request is not served.
#[derive(Debug, Clone)]
pub(super) struct PageFault {
    status: StatusCode,
    sentence: String,
}

impl PageFault {
    /// A fault with its sentence.
    pub(super) fn new(status: StatusCode, sentence: impl Into<String>) -> Self {
        Self {
            status,
            sentence: sentence.into(),
        }
    }

    /// There is no such page.
    pub(super) fn absent() -> Self {
        Self::new(StatusCode::NOT_FOUND, "没有这个页面；请从上面的导航进入。")
    }

    /// Something in the program failed; it is logged where it happened.
    pub(super) fn ours() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "这一步没能处理好，已经记录下来；请再试一次。",
        )
    }

    /// So many are waiting that whoever comes now would wait too long.
    pub(super) fn crowded() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "现在提问的太多，这一问没有受理；请过几秒再试。",
        )
    }

    /// Only for administrators.
    pub(super) fn admins_only() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "这一项只有管理员可以用；请先在“管理”里登录。",
        )
    }

    /// For programs.
    pub(super) fn json(&self) -> Response {
        (
            self.status,
            axum::Json(serde_json::json!({"error": self.sentence})),
        )
            .into_response()
    }
}

impl IntoResponse for PageFault {
    fn into_response(self) -> Response {
        let page = frame::bare(
            "请求没有完成",
            html! { p.fault role="alert" { (self.sentence) } p { a href="/" { "回到聊天" } } },
        );
        let mut response = (self.status, Html(page.into_string())).into_response();
        // Whoever asked for JSON gets the same sentence as JSON: see `guard`.
        response.extensions_mut().insert(self);
        response
    }
}
