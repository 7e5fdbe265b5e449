# Rscript draw.R: sampling::strata, 250 people from each of 40 strata of a million.
suppressPackageStartupMessages(library(sampling))
set.seed(1)
frame <- data.frame(id = 1:1e6, stratum = sprintf("%02d", sample(0:39, 1e6, TRUE)))
frame <- frame[order(frame$stratum), ]
spent <- system.time(drawn <- sampling::strata(frame, "stratum", rep(250, 40), method = "srswor"))
cat(sprintf('{"cpu": %.4f, "wall": %.4f, "check": [%d]}\n', sum(spent[c("user.self", "sys.self")]), spent[["elapsed"]], nrow(drawn)))
