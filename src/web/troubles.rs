//! What keeps the bot from its work, in a sentence for whoever watches it.

use crate::app::Hindrance;

/// What is wrong, in a sentence.
pub(super) fn sentence(hindrance: &Hindrance) -> String {
    match hindrance {
        Hindrance::Unwritable(cause) => {
            format!("状态写不进去（{cause}）；请检查磁盘空间和权限，能写之后会自己接着工作。")
        }
        Hindrance::LittleRoom(megabytes) => {
            format!("状态目录只剩 {megabytes} MB；请尽快腾出空间。")
        }
        Hindrance::SlowDisk => "状态迟迟写不完；请检查磁盘是否正常。".to_string(),
        Hindrance::NoTick(None) => {
            "提醒还没有检查过；刚启动时请稍等，一直如此请看日志。".to_string()
        }
        Hindrance::NoTick(Some(seconds)) => {
            format!("提醒已有 {seconds} 秒没有检查；请看日志，必要时重启。")
        }
        Hindrance::NotHeard(None) => {
            "还没有连上 Telegram；请检查网络和 [telegram] api_url。".to_string()
        }
        Hindrance::NotHeard(Some(seconds)) => {
            format!("Telegram 已有 {seconds} 秒没有回音；请检查网络和 [telegram] api_url。")
        }
        Hindrance::Messenger(why) => format!("{why}。"),
    }
}
