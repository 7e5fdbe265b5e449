# Rscript rake.R FILE.csv: survey::rake to four margins; reading the file and making the design are not counted.
suppressPackageStartupMessages({library(survey); library(data.table)})
names <- c("grp", "district", "age", "sex")
d <- as.data.frame(fread(commandArgs(TRUE)[1], select = c("stratum", "psu", names, "w")))
for (v in names) d[[v]] <- factor(d[[v]])
margins <- lapply(names, function(v) {
  x <- tapply(d$w, d[[v]], sum)
  x <- x * (1 + .08 * sin(seq_along(x) * 2.1))
  setNames(data.frame(names(x), as.numeric(x / sum(x) * sum(d$w))), c(v, "Freq"))
})
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = d)
spent <- system.time(raked <- rake(design, list(~grp, ~district, ~age, ~sex), margins, control = list(maxit = 100, epsilon = 1e-9)))
cat(sprintf('{"cpu": %.4f, "wall": %.4f, "check": [%.10f]}\n', sum(spent[c("user.self", "sys.self")]), spent[["elapsed"]], sum(weights(raked))))
