//! The data of a battery: ratings, sampled persons, margins, departments, channels, indicators.

use crate::table::Table;
use anyhow::Result;
use std::path::Path;

/// Everything a battery is computed from.
pub struct Fixture {
    /// One row per rating of a department by a person.
    pub rows: Ratings,
    /// One row per sampled person, respondents or not.
    pub persons: Persons,
    /// Known counts of the frame, in the order of the file.
    pub margins: Vec<Margin>,
    /// One per department, in the order of the file.
    pub depts: Vec<Department>,
    /// One per quarter, channel and department.
    pub channels: Vec<ChannelCounts>,
    /// The leaves of the indicator tree.
    pub indicators: Vec<Indicator>,
}

/// Ratings as columns of equal length.
pub struct Ratings {
    /// Number of the rating.
    pub rid: Vec<i64>,
    /// Quarter, as `2025Q1`.
    pub quarter: Vec<String>,
    /// Who rated.
    pub pid: Vec<String>,
    /// Stratum.
    pub stratum: Vec<String>,
    /// Stratum with lone ones collapsed.
    pub stratum_c: Vec<String>,
    /// Primary sampling unit.
    pub psu: Vec<String>,
    /// District.
    pub district: Vec<String>,
    /// Group of the rater.
    pub grp: Vec<String>,
    /// Rated department.
    pub dept: Vec<i64>,
    /// Category of the department.
    pub cat: Vec<String>,
    /// PSUs in the frame of the stratum.
    pub fpc1: Vec<f64>,
    /// Persons in the frame of the PSU.
    pub fpc2: Vec<f64>,
    /// Weight.
    pub w: Vec<f64>,
    /// Seconds taken.
    pub duration_s: Vec<f64>,
    /// Device.
    pub device: Vec<String>,
    /// Unix time of the rating.
    pub ts: Vec<i64>,
    /// Per item, per row: 1 to 5, 9 for don't know, `None` for blank.
    pub answers: Vec<Vec<Option<u8>>>,
}

/// Sampled persons as columns of equal length.
pub struct Persons {
    /// Number of the person.
    pub pid: Vec<String>,
    /// Quarter.
    pub quarter: Vec<String>,
    /// Stratum.
    pub stratum: Vec<String>,
    /// Stratum with lone ones collapsed.
    pub stratum_c: Vec<String>,
    /// Primary sampling unit.
    pub psu: Vec<String>,
    /// District.
    pub district: Vec<String>,
    /// Group.
    pub grp: Vec<String>,
    /// Age class.
    pub age: Vec<String>,
    /// Sex.
    pub sex: Vec<String>,
    /// Design weight.
    pub w_base: Vec<f64>,
    /// Whether the person answered.
    pub resp: Vec<bool>,
    /// Weighting class for nonresponse.
    pub nrclass: Vec<String>,
    /// Visits to offices.
    pub visits: Vec<f64>,
    /// Overall answer: 1 to 5, 9 for don't know, `None` for blank.
    pub overall: Vec<Option<u8>>,
}

/// A known count of the frame.
pub struct Margin {
    /// Which margin, as `age` or `age:sex`.
    pub margin: String,
    /// Which level of it.
    pub level: String,
    /// Persons in the frame.
    pub count: f64,
}

/// A department and its covariates.
pub struct Department {
    /// Number.
    pub dept: i64,
    /// Category.
    pub cat: String,
    /// Complaints, a covariate.
    pub x_complaints: f64,
    /// Share on time, a covariate.
    pub x_ontime: f64,
}

/// Answers by level that came over one channel.
pub struct ChannelCounts {
    /// Quarter.
    pub quarter: String,
    /// Channel.
    pub channel: String,
    /// Department.
    pub dept: i64,
    /// Ratings from 1 to 5.
    pub counts: [f64; 5],
}

/// One leaf of the indicator tree.
pub struct Indicator {
    /// Channel.
    pub channel: String,
    /// Group, `all` when there is none.
    pub grp: String,
    /// Item, as `q1`, or `mean100`, or `top2`.
    pub item: String,
    /// Weight in the whole.
    pub weight: f64,
}

impl Fixture {
    /// Reads `<prefix>.csv`, `<prefix>_persons.csv` and the rest from one folder.
    pub fn read(dir: &Path, prefix: &str) -> Result<Self> {
        let table = |suffix: &str| Table::read(&dir.join(format!("{prefix}{suffix}.csv")));
        Ok(Self {
            rows: ratings(&table("")?)?,
            persons: persons(&table("_persons")?)?,
            margins: margins(&table("_margins")?)?,
            depts: departments(&table("_depts")?)?,
            channels: channels(&table("_channels")?)?,
            indicators: indicators(&table("_indicators")?)?,
        })
    }

    /// The quarters in order.
    pub fn quarters(&self) -> Vec<&str> {
        distinct(&self.rows.quarter)
    }
}

impl Ratings {
    /// How many rows.
    pub fn len(&self) -> usize {
        self.rid.len()
    }

    /// How many items were asked.
    pub fn items(&self) -> usize {
        self.answers.len()
    }

    /// Points of item `k`, counted from 0: 0, 25, 50, 75, 100; `None` for don't know and blank.
    pub fn points(&self, k: usize) -> Vec<Option<f64>> {
        self.answers[k]
            .iter()
            .map(|answer| points(*answer))
            .collect()
    }

    /// 1 for a satisfied answer to item `k` (4 or 5), else 0; `None` for don't know and blank.
    pub fn top_two(&self, k: usize) -> Vec<Option<f64>> {
        self.points(k)
            .into_iter()
            .map(|points| points.map(|points| f64::from(u8::from(points >= 75.0))))
            .collect()
    }
}

/// Points of one answer on the ruler of the golden files.
pub fn points(answer: Option<u8>) -> Option<f64> {
    answer
        .filter(|answer| *answer != 9)
        .map(|answer| 25.0 * (f64::from(answer) - 1.0))
}

/// The different texts of a column, sorted.
pub fn distinct(column: &[String]) -> Vec<&str> {
    let mut all: Vec<&str> = column.iter().map(String::as_str).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn ratings(table: &Table) -> Result<Ratings> {
    let items = (1..).take_while(|k| table.has(&format!("q{k}")));
    Ok(Ratings {
        rid: table.whole("rid")?,
        quarter: table.text("quarter")?,
        pid: table.text("pid")?,
        stratum: table.text("stratum")?,
        stratum_c: table.text("stratum_c")?,
        psu: table.text("psu")?,
        district: table.text("district")?,
        grp: table.text("grp")?,
        dept: table.whole("dept")?,
        cat: table.text("cat")?,
        fpc1: table.numbers("fpc1")?,
        fpc2: table.numbers("fpc2")?,
        w: table.numbers("w")?,
        duration_s: table.numbers("duration_s")?,
        device: table.text("device")?,
        ts: table.whole("ts")?,
        answers: items
            .map(|k| table.optional(&format!("q{k}")))
            .collect::<Result<_>>()?,
    })
}

fn persons(table: &Table) -> Result<Persons> {
    Ok(Persons {
        pid: table.text("pid")?,
        quarter: table.text("quarter")?,
        stratum: table.text("stratum")?,
        stratum_c: table.text("stratum_c")?,
        psu: table.text("psu")?,
        district: table.text("district")?,
        grp: table.text("grp")?,
        age: table.text("age")?,
        sex: table.text("sex")?,
        w_base: table.numbers("w_base")?,
        resp: table.whole("resp")?.iter().map(|resp| *resp == 1).collect(),
        nrclass: table.text("nrclass")?,
        visits: table.numbers("visits")?,
        overall: table.optional("overall")?,
    })
}

fn margins(table: &Table) -> Result<Vec<Margin>> {
    let columns = table.text("margin")?.into_iter().zip(table.text("level")?);
    Ok(columns
        .zip(table.numbers("count")?)
        .map(|((margin, level), count)| Margin {
            margin,
            level,
            count,
        })
        .collect())
}

fn departments(table: &Table) -> Result<Vec<Department>> {
    let names = table.whole("dept")?.into_iter().zip(table.text("cat")?);
    let covariates = table
        .numbers("x_complaints")?
        .into_iter()
        .zip(table.numbers("x_ontime")?);
    Ok(names
        .zip(covariates)
        .map(|((dept, cat), (x_complaints, x_ontime))| Department {
            dept,
            cat,
            x_complaints,
            x_ontime,
        })
        .collect())
}

fn channels(table: &Table) -> Result<Vec<ChannelCounts>> {
    let (quarter, channel) = (table.text("quarter")?, table.text("channel")?);
    let dept = table.whole("dept")?;
    let counts = (1..=5)
        .map(|level| table.numbers(&format!("c{level}")))
        .collect::<Result<Vec<_>>>()?;
    Ok((0..dept.len())
        .map(|row| ChannelCounts {
            quarter: quarter[row].clone(),
            channel: channel[row].clone(),
            dept: dept[row],
            counts: std::array::from_fn(|level| counts[level][row]),
        })
        .collect())
}

fn indicators(table: &Table) -> Result<Vec<Indicator>> {
    let names = table.text("channel")?.into_iter().zip(table.text("grp")?);
    let leaves = table
        .text("item")?
        .into_iter()
        .zip(table.numbers("weight")?);
    Ok(names
        .zip(leaves)
        .map(|((channel, grp), (item, weight))| Indicator {
            channel,
            grp,
            item,
            weight,
        })
        .collect())
}
