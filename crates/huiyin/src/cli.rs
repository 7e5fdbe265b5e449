//! The command line. Every help text stands in Chinese and English.

use clap::{Args, Parser, Subcommand, ValueEnum};
use rating_import::FileKind;
use std::{net::IpAddr, num::NonZeroUsize, path::PathBuf};
use survey_design::{Anonymity, Resubmission};
use vocabulary::Role;

const EXIT_CODES: &str = "\
退出码 / Exit codes:
  0   完成                        done
  1   规则不允许，什么也没有改变    refused by a rule, nothing changed
  2   命令写法不对                 wrong usage
  3   部分行没有导入，其余已导入    some rows rejected, the rest taken
  10  文件不存在                   file not found
  11  文件读写失败                 file cannot be read or written
  12  数据目录正被另一个进程使用    data directory is in use by another process
  13  磁盘已满                     disk full
  14  端口已被占用                 port in use
  15  没有这个轮次、单位或事项      no such round, unit or matter
  16  数据库不可用                 database unavailable
  17  数据包、证书或备份没有通过核验 bundle, certificate or backup does not verify
  18  已备份，但数据库表要另外备份  backed up, but the tables need a backup of their own";

/// 回音：让群众评价有回音、可核验。 / Huiyin: a city asks its people, and makes the answer count.
#[derive(Debug, Parser)]
#[command(name = "huiyin", version, after_help = EXIT_CODES, max_term_width = 110)]
pub struct Cli {
    /// 要做的事。 / What to do.
    #[command(subcommand)]
    pub command: Command,
    /// 各命令共用的选项。 / Options of every command.
    #[command(flatten)]
    pub common: Common,
}

/// Options of every command.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// 数据目录：数据库、密钥、邮件、数据包。 / Data directory: database, keys, mail, bundles.
    #[arg(
        long,
        global = true,
        env = "HUIYIN_DATA",
        default_value = "huiyin-data",
        value_name = "DIR"
    )]
    pub data: PathBuf,
    /// PostgreSQL 地址；不填则用数据目录里的 SQLite。 / PostgreSQL URL; SQLite in the data directory otherwise.
    #[arg(
        long,
        global = true,
        env = "HUIYIN_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub database_url: Option<String>,
    /// 结果以 JSON 输出。 / Print the result as JSON.
    #[arg(long, global = true)]
    pub json: bool,
    /// 以哪个账号的身份办理；不填则看环境变量 HUIYIN_ACCOUNT。 / The account on whose behalf this is done; HUIYIN_ACCOUNT otherwise.
    #[arg(long = "by", global = true, value_name = "ACCOUNT")]
    pub by: Option<String>,
    /// 不再询问，直接执行。 / Do not ask, do it.
    #[arg(long, global = true)]
    pub yes: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// 建一座虚构的云溪市，走完一个季度。 / Build the invented city of Yunxi and play a whole quarter.
    Demo(Demo),
    /// 启动网站。 / Serve the pages.
    Serve(Serve),
    /// 后台任务：发邮件、打乱满批的答卷、每日公布回执日志、每日留存审计。 / Background work: mail, mixing, the day's log of receipts, the day's audit anchor.
    Worker {
        /// 做完现有任务就退出。 / Exit when nothing is left to do.
        #[arg(long)]
        once: bool,
        /// 信怎样送出。 / How letters leave.
        #[command(flatten)]
        delivery: DeliveryOptions,
    },
    /// 发信、退信、提醒、没有送出的信。 / Mail: send, bounces, reminders, letters given up.
    #[command(subcommand)]
    Mail(MailCommand),
    /// 建立或升级数据库，可装入一座城市的模板。 / Create or upgrade the database; may load a world template.
    Migrate {
        /// 城市模板文件或内置名称（yunxi、airport、mailbox）。 / World template file or built-in name.
        #[arg(long, value_name = "FILE|NAME")]
        world: Option<String>,
    },
    /// 把整个系统（不含密钥）备份成一个文件，网站不用停。 / Back up everything but the keys to one file, while the site runs.
    Backup {
        /// 备份文件，不能已经存在，不能在数据目录里。 / The file to make, outside of the data directory.
        #[arg(long, value_name = "FILE")]
        to: PathBuf,
    },
    /// 把密钥另存到一个新目录，与备份分开保管。 / Copy the keys to a new directory, to be kept apart from the backups.
    BackupKeys {
        /// 新目录或空目录。 / A new or empty directory.
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
    },
    /// 用备份在空目录里恢复系统；所有人要重新登录。 / Restore a backup into an empty directory; everybody signs in anew.
    Restore {
        /// 备份文件。 / The backup.
        file: PathBuf,
        /// 另存的密钥所在目录。 / Directory the keys were copied to.
        #[arg(long, value_name = "DIR")]
        keys: Option<PathBuf>,
    },
    /// 评价轮次：建立、开放、截止、算分、固化、公布。 / Rounds: create, open, close, score, freeze, publish.
    #[command(subcommand)]
    Round(RoundCommand),
    /// 抽样。 / Sampling.
    #[command(subcommand)]
    Sample(SampleCommand),
    /// 导入别处收集的评价。 / Import ratings collected elsewhere.
    Import(Import),
    /// 撤销一次导入：新增的行删去，改过的行恢复原值。 / Take an import back: new rows go, changed rows are as before.
    UndoImport {
        /// 批次编号，导入时显示。 / Number of the batch, as the import told.
        batch: String,
    },
    /// 一对一反馈函。 / One-to-one feedback letters.
    #[command(subcommand_negates_reqs = true, args_conflicts_with_subcommands = true)]
    Letters(LettersOptions),
    /// 一事一清单：由意见生成事项、查看进度。 / Matters: make them from opinions, list them.
    Matters {
        /// 评价轮次。 / The round.
        #[arg(long)]
        round: String,
        /// 只看，不生成。 / Only list, do not make new ones.
        #[arg(long)]
        list: bool,
    },
    /// 大数据量：不含身份的评价、汇总、可在任何引擎运行的 SQL。 / At scale: ratings without identity, their sums, the same as SQL.
    #[command(subcommand)]
    Snapshot(SnapshotCommand),
    /// 导出结果。 / Export results.
    Export(Export),
    /// 分析任何一份逐人数据（不需要数据库）。 / Analyse any file of microdata (needs no database).
    Analyze(Box<Analyze>),
    /// 核验数据包（不需要数据库），或审计日志。 / Verify a bundle (needs no database), or the audit log.
    #[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
    Verify {
        /// 数据包目录。 / Bundle directory.
        #[arg(required = true)]
        bundle: Option<PathBuf>,
        /// 核验别的。 / Verify something else.
        #[command(subcommand)]
        what: Option<VerifyCommand>,
    },
    /// 账号。 / Accounts.
    #[command(subcommand)]
    User(UserCommand),
    /// 本机维护。 / Maintenance at the machine.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// 检查模板。 / Check templates.
    CheckTemplates {
        /// 模板目录；不填则检查内置模板。 / Template directory; the built-in templates otherwise.
        folder: Option<PathBuf>,
        /// 把 JSON Schema 写到这个目录。 / Write the JSON Schemas to this directory.
        #[arg(long, value_name = "DIR")]
        write_schemas: Option<PathBuf>,
    },
    /// 内部使用：在受限的子进程里读文件。 / Internal: read a file in a limited child process.
    #[command(hide = true)]
    ImportWorker,
}

/// Options of the demo.
#[derive(Clone, Debug, Args)]
pub struct Demo {
    /// 随机种子；同一种子得到同样的公布数字。 / Seed; the same seed gives the same published digits.
    #[arg(long, default_value_t = 20_261_012)]
    pub seed: u64,
    /// 演示完就退出，不继续提供网页。 / Exit after the quarter instead of serving it.
    #[arg(long)]
    pub once: bool,
    /// 接着上次被中断的演示做。 / Go on with an interrupted demo.
    #[arg(long)]
    pub resume: bool,
    /// 监听地址。 / Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: String,
}

/// Options of the server.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// 监听地址。 / Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// 公众看到的网址，用在邮件和链接里。 / Public base URL, used in mail and links.
    #[arg(long, env = "HUIYIN_BASE_URL", value_name = "URL")]
    pub base_url: Option<String>,
    /// 本站反向代理的地址，可以写几次；只采信它们转告的来访地址。 / Address of the site's own proxy, may be repeated; only these are believed about the client's address.
    #[arg(long, value_name = "IP")]
    pub trusted_proxy: Vec<IpAddr>,
    /// 查病毒的程序：从标准输入读文件，没有问题以 0 结束。 / Program that looks for viruses: reads the file from standard input, ends with 0 when nothing is wrong.
    #[arg(long, env = "HUIYIN_VIRUS_CHECK", value_name = "PROGRAM")]
    pub virus_check: Option<PathBuf>,
    /// 统一身份认证（OpenID Connect）的设置文件，只有运行网站的用户能读。 / Settings of an OpenID Connect provider officials may sign in at; readable for the owner only.
    #[arg(long, env = "HUIYIN_OIDC", value_name = "FILE")]
    pub oidc: Option<PathBuf>,
    /// 信怎样送出。 / How letters leave.
    #[command(flatten)]
    pub delivery: DeliveryOptions,
}

/// One-to-one feedback letters.
#[derive(Debug, Args)]
pub struct LettersOptions {
    /// 另一件事。 / Something else.
    #[command(subcommand)]
    pub command: Option<LettersCommand>,
    /// 评价轮次。 / The round.
    #[arg(long, required = true)]
    pub round: Option<String>,
    /// 只看，不发。 / Only list, do not issue.
    #[arg(long)]
    pub list: bool,
}

/// Commands on feedback letters.
#[derive(Debug, Subcommand)]
pub enum LettersCommand {
    /// 按取阅编号查是谁、什么时候取的。 / Who took the copy with this code, and when.
    Whose {
        /// 打印版或 DOCX 页脚的取阅编号。 / The code at the foot of a copy.
        code: String,
    },
    /// 提醒逾期没有签收的单位，每个单位每个工作日最多一次。 / Remind units that are late, once a working day at most.
    Remind,
}

/// How letters leave; secrets come from files only.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "发信 / Delivery")]
pub struct DeliveryOptions {
    /// 邮件服务器：smtps://用户@主机、starttls://用户@主机；本机转发用 smtp://127.0.0.1。不填则写入 mail 文件夹。 / Mail relay; smtp:// only for one on this machine; the folder mail otherwise.
    #[arg(long, env = "HUIYIN_SMTP", value_name = "URL")]
    pub smtp: Option<String>,
    /// 存有邮件服务器口令的文件。 / File with the password of the relay.
    #[arg(long, env = "HUIYIN_SMTP_PASSWORD_FILE", value_name = "FILE")]
    pub smtp_password_file: Option<PathBuf>,
    /// 邮件服务器的自建证书（PEM）。 / PEM certificates of a private authority of the relay.
    #[arg(long, env = "HUIYIN_SMTP_CA_FILE", value_name = "FILE")]
    pub smtp_ca_file: Option<PathBuf>,
    /// 发件人，例如 “云溪市评价办 <ping@yunxi.example>”。 / Sender.
    #[arg(long, env = "HUIYIN_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// 退信地址；每封信在 + 之后加自己的编号。 / Address bounces come back to; each mail adds its handle after a +.
    #[arg(long, env = "HUIYIN_MAIL_BOUNCES", value_name = "ADDRESS")]
    pub mail_bounces: Option<String>,
    /// 退信所在的 maildir 文件夹，发信时一并读取。 / Maildir folder with bounces, read beside sending.
    #[arg(long, env = "HUIYIN_MAIL_BOUNCE_DIR", value_name = "DIR")]
    pub mail_bounce_dir: Option<PathBuf>,
    /// 每分钟发给同一个域名最多几封。 / Most mails per minute to one domain.
    #[arg(
        long,
        env = "HUIYIN_MAIL_PER_MINUTE",
        value_name = "N",
        default_value_t = 60
    )]
    pub mail_per_minute: u32,
    /// 同时发信的连接数。 / Connections that send at the same time.
    #[arg(
        long,
        env = "HUIYIN_MAIL_CONNECTIONS",
        value_name = "N",
        default_value = "2"
    )]
    pub mail_connections: NonZeroUsize,
    /// 短信或语音机器人网关。 / Gateway for short messages or a calling robot.
    #[arg(long, env = "HUIYIN_SMS_URL", value_name = "URL")]
    pub sms_url: Option<String>,
    /// 与网关共用的签名密钥文件。 / File with the secret shared with the gateway.
    #[arg(long, env = "HUIYIN_SMS_SECRET_FILE", value_name = "FILE")]
    pub sms_secret_file: Option<PathBuf>,
}

/// Commands on letters.
#[derive(Debug, Subcommand)]
pub enum MailCommand {
    /// 发出到期的信。 / Send what is due.
    Send {
        /// 发完到期的就退出。 / Exit when nothing more is due.
        #[arg(long)]
        once: bool,
        /// 信怎样送出。 / How letters leave.
        #[command(flatten)]
        delivery: DeliveryOptions,
    },
    /// 登记退信：从标准输入读一封，或读一个 maildir 文件夹。 / Take bounces: one from standard input, or a maildir folder.
    Bounce {
        /// maildir 文件夹；读过的移到 cur。 / A maildir folder; what was read goes to cur.
        #[arg(long, value_name = "DIR")]
        maildir: Option<PathBuf>,
    },
    /// 提醒还没有填写的人；匿名轮次提醒所有受邀的人。 / Remind those who have not answered; everybody invited where that is not known.
    Remind {
        /// 评价轮次。 / The round.
        #[arg(long)]
        round: String,
        /// 信里的网址。 / Base URL in the letters.
        #[arg(long, env = "HUIYIN_BASE_URL", default_value = "http://127.0.0.1:8080")]
        base_url: String,
        /// 信怎样送出。 / How letters leave.
        #[command(flatten)]
        delivery: DeliveryOptions,
    },
    /// 送信情况和没有送出的信。 / How the letters stand, and those given up.
    Status {
        /// 评价轮次。 / The round.
        #[arg(long)]
        round: String,
    },
    /// 让没有送出的信再试一次。 / Let a letter that was given up try again.
    Retry {
        /// 信的编号。 / Handle of the letter.
        handle: String,
    },
}

/// Commands on rounds.
#[derive(Debug, Subcommand)]
pub enum RoundCommand {
    /// 按城市模板建立一轮。 / Create a round of the world.
    Create {
        /// 轮次编号，例如 2026Q3。 / Code such as 2026Q3.
        round: String,
        /// 匿名方式 open、decoupled 或 confidential，开始收集后不能再改；不填则按城市模板。 / Mode of anonymity, fixed once the round opens; the world's otherwise.
        #[arg(long, value_name = "MODE", value_parser = parse_anonymity)]
        anonymity: Option<Anonymity>,
        /// once 只交一次；until_close 截止前可以改交。 / once, or until_close: the last answer counts.
        #[arg(long, value_name = "CHOICE", value_parser = parse_resubmission)]
        resubmission: Option<Resubmission>,
    },
    /// 列出各轮。 / List the rounds.
    List,
    /// 开始收集。 / Open for collecting.
    Open {
        /// 轮次编号。 / The round.
        round: String,
    },
    /// 限制收多少份，收集期间可以改。 / Limit the number of ballots; may be changed while collecting.
    Quota {
        /// 轮次编号。 / The round.
        round: String,
        /// 最多收多少份。 / Ballots taken at most.
        #[arg(long)]
        most: u32,
        /// 只限这一层；不填则限全轮。 / One stratum only; the whole round otherwise.
        #[arg(long)]
        stratum: Option<String>,
    },
    /// 截止，拆封并判定有效票。 / Close, open the sealed ballots and judge them.
    Close {
        /// 轮次编号。 / The round.
        round: String,
    },
    /// 算分，固化之前可以重复。 / Compute scores; may be repeated until the freeze.
    Score {
        /// 轮次编号。 / The round.
        round: String,
        /// 由别的引擎算好的问卷汇总（CSV 或 Parquet，可分几份）。 / Survey sums of any engine, CSV or Parquet, in one or more parts.
        #[arg(long, value_name = "FILE", num_args = 1..)]
        moments: Vec<PathBuf>,
        /// 只看去掉带质量迹象的答卷会怎样，不保存。 / Only show the scores without flagged ballots beside the latest; nothing is kept.
        #[arg(long, conflicts_with = "moments")]
        without_flagged: bool,
    },
    /// 交部门核对，之后固化得分。 / Let units check, then freeze the scores.
    Freeze {
        /// 轮次编号。 / The round.
        round: String,
        /// 只进入部门核对，不固化。 / Only start the units' check.
        #[arg(long)]
        check_only: bool,
    },
    /// 应答率（AAPOR RR1-RR6）和每个样本的最终处置。 / Response rates (AAPOR RR1-RR6) and final dispositions.
    Rates {
        /// 轮次编号。 / The round.
        round: String,
    },
    /// 公布的下一步：审查、报请、另一个人（另一角色）批准、公开。 / The next step of publishing: check, propose, approve by another person of another role, release.
    Publish {
        /// 轮次编号。 / The round.
        round: String,
        /// 退回重写，写明理由。 / Send it back instead, with the reason.
        #[arg(long, value_name = "REASON")]
        send_back: Option<String>,
    },
    /// 报请更正：公布以后，一张热线工单不再计入。 / Ask for a correction after publication: an order counts no longer.
    Correct {
        /// 轮次编号。 / The round.
        round: String,
        /// 单位编号。 / The unit.
        #[arg(long)]
        unit: String,
        /// 工单编号。 / Number of the order.
        #[arg(long)]
        order: String,
        /// 理由，会公布。 / Why; it is published.
        #[arg(long)]
        reason: String,
    },
    /// 另一个人、另一角色决定更正。 / Decide on a correction, as another person of another role.
    DecideCorrection {
        /// 更正编号。 / Number of the correction.
        id: String,
        /// 不同意。 / Refuse it.
        #[arg(long)]
        refuse: bool,
    },
}

/// Commands on ratings without identity and their sums.
#[derive(Debug, Subcommand)]
pub enum SnapshotCommand {
    /// 写出一轮不含身份的逐条评价。 / Write the ratings of a round without identity.
    Ratings {
        /// 轮次编号。 / The round.
        #[arg(long)]
        round: String,
        /// 写到这个文件；.csv 为 CSV，其余为 Parquet。 / The file; CSV when it ends in .csv, else Parquet.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// 汇总评价文件（不需要数据库）。 / Sum ratings files (needs no database).
    Moments {
        /// 评价文件，可以是一份的几个部分。 / Ratings files, which may be parts of one.
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// 写到这个 CSV 文件。 / The CSV file to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
        /// 线程数；不填则用全部处理器。 / Threads; all processors otherwise.
        #[arg(long)]
        threads: Option<NonZeroUsize>,
    },
    /// 给出同样汇总的 SQL。 / Print the SQL that gives the same sums.
    Sql {
        /// 引擎。 / The engine.
        #[arg(long)]
        dialect: SqlDialect,
        /// 引擎读的评价文件。 / The ratings file the engine reads.
        #[arg(long, default_value = "ratings.parquet", value_name = "FILE")]
        from: String,
        /// 引擎写的汇总文件。 / The file of sums the engine writes.
        #[arg(long, default_value = "moments.csv", value_name = "FILE")]
        to: String,
    },
}

/// Engines the SQL is printed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SqlDialect {
    /// DuckDB。 / DuckDB.
    Duckdb,
    /// Spark。 / Spark.
    Spark,
    /// PostgreSQL。 / PostgreSQL.
    Postgres,
}

/// Commands on samples.
#[derive(Debug, Subcommand)]
pub enum SampleCommand {
    /// 抽样并发邀请。 / Draw the sample and issue the invitations.
    Draw {
        /// 轮次编号。 / The round.
        #[arg(long)]
        round: String,
        /// 公开的随机种子。 / The published seed.
        #[arg(long)]
        seed: u64,
        /// 邀请里的网址。 / Base URL in the invitations.
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        base_url: String,
        /// 信怎样送出。 / How letters leave.
        #[command(flatten)]
        delivery: DeliveryOptions,
    },
    /// 写出本轮的抽样框：只有假名和层，没有姓名和电话。 / Write the frame of a round: pseudonyms and strata, no names.
    Frame {
        /// 轮次编号。 / The round.
        #[arg(long)]
        round: String,
        /// 写到这个 CSV 文件。 / The CSV file to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// 写出本轮的抽样证书（JSON）。 / Write the certificate of a round's draw (JSON).
    Certificate {
        /// 轮次编号。 / The round.
        #[arg(long)]
        round: String,
        /// 写到这个文件。 / The file to write.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// 启用下一组候补样本，整组一起。 / Release the next reserve replicate, the whole of it.
    Release {
        /// 轮次编号。 / The round.
        #[arg(long)]
        round: String,
        /// 邀请里的网址。 / Base URL in the invitations.
        #[arg(long, default_value = "http://127.0.0.1:8080")]
        base_url: String,
        /// 信怎样送出。 / How letters leave.
        #[command(flatten)]
        delivery: DeliveryOptions,
    },
    /// 照抽样证书重抽一遍并逐项核对（不需要数据库）。 / Draw again by the certificate and compare (needs no database).
    Verify {
        /// 抽样证书（JSON）。 / The certificate (JSON).
        #[arg(long, value_name = "FILE")]
        certificate: PathBuf,
        /// 抽样框（CSV）。 / The frame (CSV).
        #[arg(long, value_name = "FILE")]
        frame: PathBuf,
        /// 另把抽中的名单（假名）写到这个 CSV 文件。 / Also write the drawn pseudonyms to this CSV file.
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Options of an import.
#[derive(Clone, Debug, Args)]
pub struct Import {
    /// 文件的种类。 / Kind of file.
    pub kind: ImportKind,
    /// 要导入的文件。 / The file.
    pub file: PathBuf,
    /// 评价轮次；样本库不需要。 / The round; not needed for a pool.
    #[arg(long)]
    pub round: Option<String>,
    /// 列对照表（JSON）。 / Column mapping (JSON).
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// 好差评等级数字的含义。 / What the digits of service-centre levels mean.
    #[arg(long, value_enum, default_value_t)]
    pub level_codes: LevelDigits,
    /// 只检查，不写入。 / Check only, write nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// What the digits of a level mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LevelDigits {
    /// 5 为非常满意。 / 5 is very satisfied.
    #[default]
    Standard,
    /// 1 为非常满意。 / 1 is very satisfied.
    Reversed,
    /// 评价器：0 默认，1 不满意，3 满意，4 非常满意。 / A window terminal's codes.
    Kiosk,
}

impl From<LevelDigits> for rating_import::LevelCodes {
    fn from(digits: LevelDigits) -> Self {
        match digits {
            LevelDigits::Standard => Self::Standard,
            LevelDigits::Reversed => Self::Reversed,
            LevelDigits::Kiosk => Self::Kiosk,
        }
    }
}

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImportKind {
    /// 办事大厅好差评。 / Service-centre ratings.
    Hall,
    /// 各单位办件量。 / Completed cases per unit.
    Volume,
    /// 12345 热线工单或网上留言。 / Hotline orders or mailbox messages.
    Hotline,
    /// 热线汇总表（各单位各月的件数）。 / Hotline totals by unit and month.
    HotlineSummary,
    /// 样本库。 / Sample pool.
    Pool,
    /// 结对社区、村的评议。 / Ratings by paired communities and villages.
    Pairing,
    /// 企业评议。 / Ratings by enterprises.
    Enterprise,
    /// 调查机构的逐人数据。 / A survey agency's microdata.
    Survey,
}

impl ImportKind {
    /// What is imported into a round; none for people.
    pub const fn of_round(self) -> Option<FileKind> {
        Some(match self {
            Self::Hall => FileKind::HallRatings,
            Self::Volume => FileKind::HallVolumes,
            Self::Hotline => FileKind::HotlineOrders,
            Self::HotlineSummary => FileKind::HotlineSummary,
            Self::Pairing => FileKind::Pairing,
            Self::Enterprise => FileKind::EnterpriseRatings,
            Self::Survey => FileKind::Survey,
            Self::Pool => return None,
        })
    }
}

/// Options of an export.
#[derive(Clone, Debug, Args)]
pub struct Export {
    /// 导出什么。 / What to export.
    pub what: ExportKind,
    /// 评价轮次；趋势不需要。 / The round; not needed for a trend.
    #[arg(long)]
    pub round: Option<String>,
    /// 写到文件，不填则写到标准输出。 / Write to a file instead of standard output.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

/// What can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportKind {
    /// 公布的排名表。 / The published ranking.
    Ranking,
    /// 不含身份的逐条评价。 / Rating rows without identity.
    Responses,
    /// 年度考核用分。 / Annual share and multiplier.
    Assessment,
    /// 各轮各题的趋势。 / Trend of every item over the rounds.
    Trend,
    /// 意见（已去除个人信息）。 / Opinions, redacted.
    Opinions,
}

/// Options of an analysis.
#[derive(Clone, Debug, Args)]
#[command(after_help = ANALYZE_EXAMPLES)]
pub struct Analyze {
    /// CSV（UTF-8）或 Parquet 文件，一行一人。 / CSV (UTF-8) or Parquet file, one person per row.
    pub file: PathBuf,
    /// 权数列；不填则每行算一人。 / Column of weights; 1 per row otherwise.
    #[arg(long, value_name = "COLUMN", help_heading = DESIGN)]
    pub weight: Option<String>,
    /// 分层列。 / Column of strata.
    #[arg(long, value_name = "COLUMN", help_heading = DESIGN)]
    pub strata: Option<String>,
    /// 初级抽样单元列；不填则每行是一个单元。 / Column of primary sampling units; each row its own otherwise.
    #[arg(long, value_name = "COLUMN", help_heading = DESIGN)]
    pub psu: Option<String>,
    /// 每层总体单元数的列（有限总体校正）。 / Column with the number of units of the stratum in the population.
    #[arg(long, value_name = "COLUMN", help_heading = DESIGN)]
    pub fpc: Option<String>,
    /// 第二阶段抽样单元列。 / Column of second-stage units.
    #[arg(long, value_name = "COLUMN", help_heading = DESIGN)]
    pub second_stage: Option<String>,
    /// 每个初级单元内总体单元数的列。 / Column with the number of second-stage units of the PSU in the population.
    #[arg(long, value_name = "COLUMN", help_heading = DESIGN)]
    pub second_fpc: Option<String>,
    /// 不同层里的同一单元编号是不同的单元。 / The same PSU label in different strata is a different unit.
    #[arg(long, help_heading = DESIGN)]
    pub nested: bool,
    /// 只有一个单元的层怎样计入误差。 / What a stratum with one PSU adds to variances.
    #[arg(long, value_name = "RULE", default_value = "adjust", help_heading = DESIGN)]
    pub lonely: Lonely,
    /// 总体边际（三列：变量、类别、人数），按它调整权数。 / Population margins (variable, level, count) to rake the weights to.
    #[arg(long, value_name = "FILE", help_heading = DESIGN)]
    pub rake: Option<PathBuf>,
    /// 有效回答的范围，例如 1..5；之外的值会被拒绝。 / Range of valid answers, such as 1..5; any other value is refused.
    #[arg(long, value_name = "FIRST..LAST", value_parser = parse_scale, help_heading = ANSWERS)]
    pub scale: Option<(i32, i32)>,
    /// 表示没有回答的代码，例如 9。 / Codes that are no answer, such as 9.
    #[arg(long, value_name = "CODE,…", value_delimiter = ',', value_parser = parse_number, allow_negative_numbers = true, help_heading = ANSWERS)]
    pub missing: Vec<f64>,
    /// 每一级的分值，从第一级起；均值用分值计算。 / Points of each level from the first; means use them.
    #[arg(long, value_name = "POINTS,…", value_delimiter = ',', value_parser = parse_number, allow_negative_numbers = true, requires = "scale", help_heading = ANSWERS)]
    pub points: Vec<f64>,
    /// 按这些列的取值分组。 / Domains: the crossed values of these columns.
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', help_heading = STATISTICS)]
    pub by: Vec<String>,
    /// 均值。 / Means.
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', help_heading = STATISTICS)]
    pub mean: Vec<String>,
    /// 占比：一列的各个取值，或 q1=4、q1>=4、q1<=2。 / Shares: of each value of a column, or q1=4, q1>=4, q1<=2.
    #[arg(long, value_name = "SHARE,…", value_delimiter = ',', help_heading = STATISTICS)]
    pub prop: Vec<String>,
    /// 总量。 / Totals.
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', help_heading = STATISTICS)]
    pub total: Vec<String>,
    /// 两个总量之比。 / Ratios of two totals.
    #[arg(long, value_name = "A/B,…", value_delimiter = ',', help_heading = STATISTICS)]
    pub ratio: Vec<String>,
    /// 分位数；不写 @ 就是中位数。 / Quantiles; the median without @.
    #[arg(long, value_name = "COLUMN@SHARE,…", value_delimiter = ',', help_heading = STATISTICS)]
    pub quantile: Vec<String>,
    /// 各组的名次和名次区间。 / Places of the domains and the places the data leave open.
    #[arg(long, value_name = "SET", num_args = 0..=1, require_equals = true, default_missing_value = "joint", requires = "by", help_heading = STATISTICS)]
    pub rank: Option<Rank>,
    /// 置信水平。 / Confidence level.
    #[arg(long, value_name = "SHARE", default_value_t = 0.95, value_parser = parse_confidence, help_heading = STATISTICS)]
    pub confidence: f64,
    /// 写出能算出同样数字的 R 脚本；不写文件名则输出脚本而不是结果。 / Write the R script that gives the same numbers; without a file, print it instead of the results.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    pub r_script: Option<PathBuf>,
}

const DESIGN: &str = "抽样设计 / Design";
const ANSWERS: &str = "回答 / Answers";
const STATISTICS: &str = "统计量 / Statistics";
const ANALYZE_EXAMPLES: &str = "\
例 / Example:
  huiyin analyze answers.csv --weight w --strata stratum --psu village \\
    --scale 1..5 --missing 9 --by dept --mean q1,q2 --prop 'q1>=4' --rank --json";

/// What a stratum with one PSU adds to variances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lonely {
    /// 拒绝计算，并指出是哪一层。 / Refuse, naming the stratum.
    Fail,
    /// 不计。 / Nothing.
    Remove,
    /// 以总均值为中心计算（偏大，稳妥）。 / The square of its total (conservative).
    Adjust,
    /// 其他层的平均。 / The average of the others.
    Average,
    /// 视为必然入样，不计。 / Nothing: taken with certainty.
    Certainty,
}

/// Which places the data leave open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Rank {
    /// 所有区间同时成立，不用模拟。 / All hold together, without simulation.
    Joint,
    /// 所有区间同时成立，模拟得到。 / All hold together, simulated.
    Simultaneous,
    /// 每个区间各自成立，模拟得到。 / Each holds for itself, simulated.
    Marginal,
}

fn parse_scale(text: &str) -> Result<(i32, i32), String> {
    text.split_once("..")
        .and_then(|(first, last)| Some((first.trim().parse().ok()?, last.trim().parse().ok()?)))
        .filter(|(first, last): &(i32, i32)| first < last && last.abs_diff(*first) < 1_000)
        .ok_or_else(|| "请写成 最低..最高，例如 1..5 / write FIRST..LAST, such as 1..5".to_owned())
}

fn parse_number(text: &str) -> Result<f64, String> {
    let number = text
        .trim()
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| "不是数 / not a number".to_owned())
}

fn parse_confidence(text: &str) -> Result<f64, String> {
    parse_number(text).and_then(|level| {
        if (0.5..=0.999).contains(&level) {
            Ok(level)
        } else {
            Err("请在 0.5 和 0.999 之间 / between 0.5 and 0.999".to_owned())
        }
    })
}

/// What else can be verified.
#[derive(Debug, Subcommand)]
pub enum VerifyCommand {
    /// 审计日志：逐条相连，并与每天留存在外的摘要一致。 / The audit log: each event follows, and the day's anchors are in it.
    Audit {
        /// 留存的摘要所在目录（见证人邮件里的也可以）；不填则用数据目录的 anchors。 / Folder of anchors; those of the data directory otherwise.
        #[arg(long, value_name = "DIR")]
        anchors: Option<PathBuf>,
    },
}

/// Commands at the machine.
#[derive(Debug, Subcommand)]
pub enum AdminCommand {
    /// 磁盘故障后恢复写入。 / Allow writing again after a disk fault.
    ClearFault {
        /// 已检查磁盘和数据库，确认无误。 / I checked the disk and the database.
        #[arg(long)]
        i_checked_the_disk: bool,
    },
}

/// Commands on accounts.
#[derive(Debug, Subcommand)]
pub enum UserCommand {
    /// 建立账号；初始口令只显示一次。 / Add an account; the first password is shown once.
    Add {
        /// 账号名。 / Account name.
        name: String,
        /// 角色代号，例如 office_clerk。 / Role code such as office_clerk.
        #[arg(long, value_parser = parse_role)]
        role: Role,
        /// 显示的姓名。 / Name shown.
        #[arg(long)]
        display: Option<String>,
        /// 联络员所在单位。 / Unit of a liaison.
        #[arg(long)]
        unit: Option<String>,
        /// 评议员所在社区或村。 / Community or village of a rater.
        #[arg(long)]
        body: Option<String>,
    },
    /// 列出账号。 / List the accounts.
    List,
    /// 确认账号的角色；有了安全管理员以后，须用 --by 写明是哪位安全管理员。 / Confirm the roles of accounts; once there is a
    /// security administrator, --by names who confirms.
    Confirm {
        /// 账号名，可以写几个。 / Account names.
        #[arg(required = true)]
        names: Vec<String>,
    },
    /// 停用账号，登录立即失效。 / Close an account; its sessions end at once.
    Close {
        /// 账号名。 / Account name.
        name: String,
    },
    /// 重新启用账号。 / Open a closed account again.
    Open {
        /// 账号名。 / Account name.
        name: String,
    },
    /// 重发初始口令；只显示一次。 / Give a new first password; shown once.
    Password {
        /// 账号名。 / Account name.
        name: String,
    },
    /// 指定评价办法牵头部门的账号改哪一部分指标；有了安全管理员以后，须用 --by 写明。 / Say which branch of the indicator
    /// tree the account of a method department may change; once there is a security administrator, --by names who says so.
    Branch {
        /// 账号名。 / Account name.
        name: String,
        /// 牵头部门，照指标体系里的写法。 / The owner, as the indicator tree writes it.
        owner: String,
    },
    /// 退出这个账号的所有登录。 / End all sessions of an account.
    SignOut {
        /// 账号名。 / Account name.
        name: String,
    },
}

fn parse_anonymity(code: &str) -> Result<Anonymity, String> {
    Anonymity::from_code(code).ok_or_else(|| one_of(&Anonymity::ALL.map(Anonymity::code)))
}

fn parse_resubmission(code: &str) -> Result<Resubmission, String> {
    Resubmission::from_code(code).ok_or_else(|| one_of(&Resubmission::ALL.map(Resubmission::code)))
}

fn one_of(codes: &[&str]) -> String {
    format!("可用 / one of：{}", codes.join("、"))
}

fn parse_role(code: &str) -> Result<Role, String> {
    Role::from_code(code).ok_or_else(|| {
        let codes: Vec<_> = Role::ALL.iter().map(|role| role.code()).collect();
        format!("没有这个角色；可用：{}", codes.join("、"))
    })
}
