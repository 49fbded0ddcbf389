# 常用命令。just 不是必需的：每一行都可以照抄到终端。

# 运行：有 TELOXIDE_TOKEN 是 Telegram 机器人，否则在终端里聊天
run:
    cargo run --release

# 全部测试
test:
    cargo test

# 浏览器里的网页测试（需要 chromium 和 chromedriver：apt-get install chromium chromium-driver）
browser:
    cargo test --test browser

# 拍网页截图到 target/screenshots/，挑选后放到 docs/page/
screenshots:
    PLANBOT_SCREENSHOTS=target/screenshots cargo test --test browser pictures

# 接口每秒答多少问（需要 wrk：apt-get install wrk；程序要已经在运行）
load-page:
    wrk -t1 -c32 -d15s --latency -s benches/ask.lua http://127.0.0.1:8088

# 检查格式、警告、文档
lint:
    cargo fmt --check
    cargo clippy --all-targets -- -D warnings
    RUSTDOCFLAGS="-D warnings" cargo doc --no-deps

# 许可证、重复和已知漏洞（需要 cargo-deny）
deny:
    cargo deny check licenses bans sources

# 检查数据
check:
    cargo run --release -- check

# CI 做的一切
ci:
    bash .ci/run

# 量一量源代码：函数多长、行多宽、注释说了多少
measure:
    cargo run --example measure

# 考试：把每个数、每个名词用许多问法问一遍
exam:
    cargo run --release -- exam

# 每个回答要多久
bench:
    cargo bench --bench answers

# 导入要多久、占多少内存：六十页的 Word 和 PDF
bench-import:
    cargo bench --bench imports

# 给读文件的程序喂乱改过的文件，每种格式和 data/ 里的文件各十分钟（需要 nightly 和 cargo-fuzz：cargo install cargo-fuzz）；
# 再给整个程序喂 Telegram 更新、网页表单、状态记录，也各十分钟（普通工具链即可；依赖用 cargo test 编译好的，只编译本仓库的）
fuzz seconds="600":
    for reader in docx doc workbook pdf html mht text data; do \
        mkdir -p fuzz/corpus/$reader && cargo +nightly fuzz run --sanitizer none $reader fuzz/corpus/$reader fuzz/seeds/$reader -- \
            -max_total_time={{seconds}} -timeout=10 -rss_limit_mb=1024 -max_len=65536 || exit 1; \
    done
    for target in updates forms records; do bash fuzz/program/run.sh $target {{seconds}} || exit 1; done

# 模拟：十万次虚拟的一年，断电、断网、改期，看提醒有没有漏发、重发
simulate:
    cargo test --release --test suite a_hundred_thousand -- --ignored --nocapture

# 断电：真实的程序跑到一半被杀，二百次，看提醒有没有漏发、重发
kill:
    cargo test --release --test suite kill:: -- --ignored --nocapture

# 一千问同时来：线程、内存、别人等多久
flood:
    cargo test --release --test suite a_thousand_questions_at_once -- --ignored --nocapture

# 混合攻击：十分钟里长轮询、半截请求、错口令、内联洪水、订阅、按钮一起来，同时每秒一百问（PLANBOT_PROGRAM 可指定要量的程序）
attack seconds="600":
    PLANBOT_TEST_SECONDS={{seconds}} cargo test --release --test suite ten_minutes_of_attack -- --ignored --nocapture

# 浸泡：半小时里每秒二百个不同的问题，看内存、线程、文件、状态涨不涨，之后歇不歇（PLANBOT_PROGRAM 可指定要量的程序）
soak seconds="1800":
    PLANBOT_TEST_SECONDS={{seconds}} cargo test --release --test suite half_an_hour_of_questions -- --ignored --nocapture

# 每一次写、落盘、改名、映射都失败一次，或就在那一刻被杀：头一次启动、启动、导入、索引、载入、备份、恢复、修补、采纳、提醒（需要 cc）；印出表格
failing:
    cargo test --test suite every_call_of -- --ignored --nocapture --test-threads 2

# 坏盘：状态里翻转一位、清零一页、截断一处，二千七百次，看有没有补不回来又不说的；索引里九百次，看有没有答错、拒答、崩溃
damage:
    cargo test --test suite of_thousands_of_damages -- --ignored --nocapture
    cargo test --release --test suite nine_hundred_damages -- --ignored --nocapture

# PDF 炸弹：每个要在三秒、300 MB 内拒绝或读完（先要有发布版的程序）
bombs program="target/release/planbot":
    PLANBOT_PROGRAM=$(realpath {{program}}) PLANBOT_TEST_SECONDS=3 cargo test --test suite no_pdf_takes_more -- --nocapture

# 坏数据：data/ 里的文件改乱五千次，看有没有不成为提示而崩溃的
broken:
    cargo test --test suite thousands_of_broken_data -- --ignored --nocapture

# 模拟器：真实的程序接上别人写的 Telegram Bot API 模拟器，像用户一样问一遍（需要 node 20 和 npm）
emulator program="../../target/debug/planbot":
    cargo build
    cd tests/emulator && npm ci --no-audit --no-fund && node try.mjs {{program}} --timed

# 无障碍：axe、HTML 校验、键盘、放大、慢网和断网（需要 node、npm 和 chromium）
access program="../../target/debug/planbot":
    cargo test --test browser --no-run
    cd tests/access && npm ci --no-audit --no-fund && node try.mjs {{program}} --timed

# 接口：照着 openapi.json 乱问五分钟，回答要和说明一致，说明不许的要拒绝（需要 python3；装 schemathesis 4.32.5 到 target/ 里）
api-fuzz seconds="300" program="../../target/debug/planbot":
    cargo test --test suite --no-run
    python3 -m venv target/schemathesis && target/schemathesis/bin/pip install --quiet schemathesis==4.32.5
    bash tests/api/run.sh {{program}} {{seconds}}

# 负载：一万个问题、坏天气、断电五十次；和同一个库的裸回声机器人比快慢，各占一个核（需要 taskset；PLANBOT_PROGRAM 可指定要量的程序）
load:
    cargo test --release --test suite load:: -- --ignored --nocapture --test-threads 1

# 七月初的一次报送从头到尾，群升级、话题关闭、被请出群各一次：写成 docs/july-cycle.md 给人读
july:
    cargo test --test suite july:: -- --ignored --nocapture

# 画出 README 里的图：机器人自己的消息
screens:
    cargo test --test suite screens -- --ignored
