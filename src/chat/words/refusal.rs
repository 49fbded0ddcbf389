//! What is said where the documents do not hold what was asked, and what is there instead.

/// Nothing was understood.
pub(crate) const NOT_UNDERSTOOD: &str = "没有看懂这个问题。";

/// The head of a refusal.
pub(crate) fn not_in_documents(missing: &str) -> String {
    format!("文件里没有{missing}。")
}

/// The head of a refusal on what the documents speak of without answering.
pub(crate) fn only_mentioned(missing: &str) -> String {
    format!("文件里提到{missing}，但没有能直接回答这一问的内容。")
}

/// The head of a refusal to say what a thing is that the documents speak of.
pub(crate) fn not_defined(missing: &str) -> String {
    format!("文件里提到“{missing}”，但没有单列它的名词解释。")
}

/// The head of what is there instead.
pub(crate) const THERE_IS: &str = "可以查到：";

/// A sentence that is near to what was asked, quoted without claiming that it answers.
pub(crate) fn related(quote: &str, place: &str) -> String {
    format!("相关原文：{quote}（{place}）")
}
