//! How a talk goes on.

/// What a follow-up was taken for.
pub(crate) fn follows(understood: &str) -> String {
    format!("接着上一问，按“{understood}”理解")
}

/// 还有呢, where all was said.
pub(crate) fn nothing_more(question: &str) -> String {
    format!("关于“{question}”，文件里没有更多的了。")
}
