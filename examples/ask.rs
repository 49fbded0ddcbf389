use planbot::answer::*;
use planbot::edition::*;
use std::io::BufRead;
fn main() {
    let t = std::time::Instant::now();
    let e = match Edition::load(std::path::Path::new("data"), &IndexPlace::Memory) {
        Ok(e) => e,
        Err(EditionError::Data(f)) => {
            for x in f {
                eprintln!("{x}");
            }
            std::process::exit(2)
        }
        Err(o) => panic!("{o}"),
    };
    eprintln!("load {:?} findings {:?}", t.elapsed(), e.findings);
    let explain = std::env::args().any(|a| a == "-x");
    let mut total = std::time::Duration::ZERO;
    let mut n = 0;
    for l in std::io::stdin().lock().lines() {
        let l = l.unwrap();
        let s = std::time::Instant::now();
        let o = e.reply(&l, chrono::NaiveDate::from_ymd_opt(2026, 11, 23).unwrap());
        total += s.elapsed();
        n += 1;
        let text = match &o.reply {
            Reply::Answer(a) => {
                let mut t = a.lead.clone();
                for c in &a.context {
                    t.push('\n');
                    t.push_str(c);
                }
                t.push_str("\n来源：");
                for c in a.citations().iter().take(4) {
                    t.push_str(&c.place);
                    t.push(' ');
                }
                t
            }
            Reply::Clarify(c) => format!("{} {:?}", c.question, c.options),
            Reply::Unknown(r) => format!("没有{} {:?}", r.missing, r.nearest),
            Reply::Help => "help".into(),
        };
        if explain {
            println!(
                "{}\n{:?} {:?}\n{:?}\n{:?}\n-> {} {:?}\n{}\n",
                l,
                o.utterance.tokens.iter().map(|t| format!("{}:{:?}", t.text, t.kind)).collect::<Vec<_>>(),
                o.utterance.slots.indicators,
                o.utterance.readings,
                o.utterance.content.iter().map(|c| c.text()).collect::<Vec<_>>(),
                o.reply.status(),
                o.fault,
                text
            );
        } else {
            println!("{}", serde_json::json!({"status":o.reply.status(),"text":text,"fault":o.fault.map(|f|f.to_string())}));
        }
    }
    eprintln!("avg {:?}", total / n.max(1));
}
