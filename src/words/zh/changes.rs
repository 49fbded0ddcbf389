//! What a change of the data came to: a reload, an import, a synonym.

use crate::model::ChatId;

/// A reload ended early.
pub(crate) const RELOAD_FAILED: &str = "重新载入时程序出错，旧数据仍在使用。";

/// A file is another one, and says the same.
pub(crate) const NOTHING_NEW: &str = "文件有改动，内容没有变化（词表或格式）。";

/// An import ended early.
pub(crate) const WRITING_FAILED: &str = "写入时程序出错，数据没有改变；请再试一次。";

/// A change of the data is under way.
pub(crate) const ONE_AT_A_TIME: &str = "另一次载入还没结束，请稍候。";

/// The trial of a synonym ended early.
pub(crate) const NOTHING_CHANGED: &str = "程序出错，没有改动。";

/// A remark about data that were loaded all the same.
pub(crate) fn remark(finding: &str) -> String {
    format!("注意：{finding}")
}

/// A synonym did not reach the disk.
pub(crate) fn synonym_not_written(error: &str) -> String {
    format!("叫法没有写成（{error}）；请检查磁盘空间和权限。")
}

/// The data list a unit that they had not before.
pub(crate) fn unit_added(name: &str) -> String {
    format!("单位：新增{name}")
}

/// A unit has another name. Where only its chat told that it is the same one, that is said.
pub(crate) fn unit_renamed(was: &str, is: &str, by_chat: ByChat) -> String {
    let by = match by_chat {
        ByChat::No => "",
        ByChat::Yes => {
            "（按所在的会话认出；如果是另一个单位，请在 units.toml 里给每个单位写上各自的 id）"
        }
    };
    format!("单位：{was}改名为{is}，报送记录照旧{by}")
}

/// Whether a unit was known again by its chat alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByChat {
    /// By its id or a name too.
    No,
    /// By nothing else.
    Yes,
}

/// A unit's chat is another one.
pub(crate) fn unit_moved(name: &str, was: Option<ChatId>, is: Option<ChatId>) -> String {
    let shown = |chat: Option<ChatId>| chat.map_or("无".to_string(), |chat| chat.0.to_string());
    format!("单位：{name}的会话由 {} 改为 {}", shown(was), shown(is))
}

/// The data list a unit no more.
pub(crate) fn unit_gone(name: &str) -> String {
    format!("单位：units.toml 里已没有{name}，不再提醒它")
}
