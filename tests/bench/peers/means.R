# Rscript means.R FILE.csv ITEMS: means with design SE of each unit, survey::svyby; reading the file is not counted.
suppressPackageStartupMessages({library(survey); library(data.table)})
arguments <- commandArgs(TRUE)
items <- as.integer(arguments[2])
d <- as.data.frame(fread(arguments[1], select = c("stratum", "psu", "dept", "w", paste0("q", 1:items))))
for (k in 1:items) { q <- d[[paste0("q", k)]]; d[[paste0("s", k)]] <- ifelse(is.na(q) | q == 9, NA, 25 * (q - 1)) }
spent <- system.time({
  design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~w, data = d)
  results <- lapply(1:items, function(k) svyby(as.formula(paste0("~s", k)), ~dept, design, svymean, na.rm = TRUE))
})
cat(sprintf('{"cpu": %.4f, "wall": %.4f, "check": [%.15g, %.15g]}\n', sum(spent[c("user.self", "sys.self")]),
            spent[["elapsed"]], coef(results[[1]])[1], SE(results[[1]])[1]))
