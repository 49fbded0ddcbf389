//! What administrators change on the page is shown before it is changed, can be taken back, and tells how far it is.

use crate::harness::{only_qinghe, read_data_file};
use crate::http::Client;
use crate::page::{RunningPage, TOKEN};

const PRINTED: &str = "早稻亩均产量";
const QUESTION: &str = "2024年稻谷目标是多少";

async fn administrator(page: &RunningPage) -> Client {
    let mut client = page.browser().await;
    client.post("/admin/enter", &[("token", TOKEN)]).await;
    client.renew("/admin").await;
    client
}

/// The text of the last message after a question.
async fn answer(client: &mut Client, question: &str) -> String {
    client.post("/chat/say", &[("text", question)]).await;
    let news = client.get("/chat/news?room=own&after=0").await.json();
    let last = news["items"].as_array().unwrap().last().unwrap();
    last["html"].as_str().unwrap().to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_synonym_is_shown_before_it_is_adopted_and_withdrawn_again() {
    let page = RunningPage::start_by(only_qinghe).await;
    let mut client = administrator(&page).await;
    assert!(answer(&mut client, QUESTION).await.contains("文件里没有"));
    let proposed = client.get("/admin").await.body;
    assert!(
        proposed.contains(&format!("“稻谷”就是{PRINTED}")),
        "{proposed}"
    );
    let synonym = [("printed", PRINTED), ("said", " 稻谷 ")];
    let preview = client.post("/admin/synonym", &synonym).await.body;
    for expected in [
        QUESTION,
        "文件里没有稻谷",
        "415公斤左右",
        "1 个回答会变",
        "action=\"/admin/adopt\"",
    ] {
        assert!(preview.contains(expected), "{expected} is not in {preview}");
    }
    // The plan's own questions by the new name: two targets, a result, a verdict, and more.
    assert!(preview.contains("2023年稻谷目标是多少"), "{preview}");
    assert!(answer(&mut client, QUESTION).await.contains("文件里没有"));
    let file = page
        .data
        .path()
        .join("data/plans/qinghe-2024/synonyms.toml");
    assert_eq!(read_data_file(&file), None, "nothing is written yet");

    let adopted = client.post("/admin/adopt", &synonym).await.body;
    assert!(adopted.contains("已采纳"), "{adopted}");
    assert!(adopted.contains("撤回“稻谷”"), "{adopted}");
    assert!(answer(&mut client, QUESTION).await.contains("415公斤左右"));
    let withdrawn = client.post("/admin/withdraw", &synonym).await.body;
    assert!(withdrawn.contains("已撤回"), "{withdrawn}");
    assert!(!withdrawn.contains("撤回“稻谷”"), "{withdrawn}");
    assert!(answer(&mut client, QUESTION).await.contains("文件里没有"));
    let again = client.post("/admin/withdraw", &synonym).await.body;
    assert!(again.contains("没有可撤回的"), "{again}");
    page.finish().await;
}

/// Half a word is neither proposed nor adopted, and what would be answered worse is said.
#[tokio::test(flavor = "multi_thread")]
async fn half_a_word_is_no_synonym() {
    let page = RunningPage::start_by(only_qinghe).await;
    let mut client = administrator(&page).await;
    for question in [
        "在塘率是多少",
        "2023年失业率是多少",
        "岗率是多少",
        "2024年绿地率目标",
    ] {
        let refused = answer(&mut client, question).await;
        assert!(refused.contains("文件里"), "{refused}");
    }
    let proposed = client.get("/admin").await.body;
    // Letters that make no word share one with half of all names.
    for said in ["“塘率”就是", "“岗率”就是"] {
        assert!(!proposed.contains(said), "{proposed}");
    }
    for said in ["塘率", "失业", "绿地"] {
        let synonym = [("printed", "渔塘尾水净化率"), ("said", said)];
        for path in ["/admin/synonym", "/admin/adopt"] {
            let refused = client.post(path, &synonym).await.body;
            assert!(refused.contains("只是半个词"), "{path} {said}: {refused}");
            assert!(!refused.contains("action=\"/admin/adopt\""), "{refused}");
        }
    }
    // A name that means something else already.
    let taken = [("printed", PRINTED), ("said", "东渠年输水量")];
    let refused = client.post("/admin/synonym", &taken).await.body;
    assert!(
        refused.contains("没有采纳") || refused.contains("没有改动"),
        "{refused}"
    );
    assert!(!refused.contains("action=\"/admin/adopt\""), "{refused}");
    for said in ["谷", "这是一句很长的话谁也不会拿它当作叫法"] {
        let status = client
            .post("/admin/synonym", &[("printed", PRINTED), ("said", said)])
            .await
            .status;
        assert_eq!(status, 400);
    }
    page.finish().await;
}

/// What takes long has a page that is loaded again by itself, unless somebody wants it still; a script is told the same.
#[tokio::test(flavor = "multi_thread")]
async fn what_takes_long_tells_how_far_it_is() {
    let page = RunningPage::start_by(only_qinghe).await;
    let mut client = administrator(&page).await;
    let synonym = [("printed", PRINTED), ("said", "稻谷")];
    let csrf = client.csrf.clone();
    // The client asks as a script does, by what it accepts.
    let begun = client
        .post_with("/admin/synonym", &synonym, &csrf, "")
        .await;
    let begun = begun.json();
    assert_eq!(begun["done"], false, "{begun}");
    let work = begun["work"].as_str().unwrap().to_string();
    client.accept = "text/html";
    let going = client.get(&work).await;
    assert_eq!(going.header("refresh"), Some("2"));
    assert!(
        going.body.contains("正在试“稻谷”这个叫法") && going.body.contains("<progress"),
        "{}",
        going.body
    );
    let still = client.get(&format!("{work}?still=yes")).await;
    assert_eq!(still.header("refresh"), None);
    client.accept = "application/json";
    let mut shares = Vec::new();
    loop {
        let told = client.get(&work).await.json();
        shares.extend(told["share"].as_f64());
        if told["done"] == true {
            assert_eq!(told["address"], work.as_str());
            break;
        }
        assert!(shares.len() < 3_000, "it does not end");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(
        shares.is_sorted() && shares.last() > Some(&0.5),
        "{shares:?}"
    );
    client.accept = "text/html";
    assert!(
        client
            .get(&work)
            .await
            .body
            .contains("action=\"/admin/adopt\"")
    );
    let mut stranger = page.browser().await;
    assert_eq!(stranger.get(&work).await.status, 403);
    page.finish().await;
}
