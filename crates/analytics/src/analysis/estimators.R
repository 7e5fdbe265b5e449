numbers <- function(column) {
  cells <- trimws(d[[column]])
  cells[cells %in% c("", "NA", "NaN", ".")] <- NA
  as.numeric(cells)
}
labels_of <- function(column) {
  cells <- trimws(d[[column]])
  ifelse(cells == "", NA, cells)
}
answers <- function(column) {
  y <- numbers(column)
  ifelse(y %in% missing_codes, NA, y)
}
points <- function(column) {
  y <- answers(column)
  if (length(level_points)) level_points[y - scale_first + 1] else y
}
label_answers <- function(column) {
  y <- labels_of(column)
  ifelse(suppressWarnings(as.numeric(y)) %in% missing_codes, NA, y)
}
share <- function(met) as.numeric(met)

# Clopper-Pearson with the effective sample size, capped at n (Korn & Graubard 1998).
korn_graubard <- function(p, v, n, df, w) {
  if (p <= 0 || p >= 1) n_eff <- sum(w)^2 / sum(w^2)
  else n_eff <- min(n, p * (1 - p) / v * (qt(upper, n - 1) / qt(upper, df))^2)
  c(if (p > 0) qbeta(1 - upper, n_eff * p, n_eff * (1 - p) + 1) else 0,
    if (p < 1) qbeta(upper, n_eff * p + 1, n_eff * (1 - p)) else 1)
}

estimate <- function(statistic, variable, domain, y, x, share) {
  row <- data.frame(statistic = statistic, variable = variable, domain = domain, estimate = NA, se = NA,
                    ci_low = NA, ci_high = NA, df = NA, n = 0, n_eff = NA, deff = NA)
  keep <- !is.na(y) & !is.na(x) & weights(design) > 0
  if (!is.na(domain)) keep <- keep & domain_of_row %in% domain
  if (!any(keep)) return(row)
  whole <- design
  whole$variables$.y <- ifelse(keep, y, 0)
  whole$variables$.x <- ifelse(keep, x, 0)
  s <- subset(whole, keep)
  w <- weights(design)[keep]
  row$n <- sum(keep)
  row$n_eff <- sum(w)^2 / sum(w^2)
  row$df <- degf(s)
  ci <- NULL
  if (statistic == "total") fit <- svytotal(~.y, s)
  else if (statistic == "ratio") fit <- svyratio(~.y, ~.x, s)
  else if (statistic == "quantile") {
    fit <- svyquantile(~.y, s, share, alpha = 2 * (1 - upper), interval.type = "mean", qrule = "math", se = TRUE)
    ci <- fit[[1]][1, 2:3]
  } else {
    fit <- svymean(~.y, s, deff = "replace")
    row$deff <- as.numeric(deff(fit))
  }
  row$estimate <- as.numeric(coef(fit))
  row$se <- as.numeric(SE(fit))
  if (statistic == "proportion") ci <- korn_graubard(row$estimate, row$se^2, row$n, row$df, w)
  if (is.null(ci)) ci <- row$estimate + c(-1, 1) * qt(upper, row$df) * row$se
  row$ci_low <- ci[[1]]
  row$ci_high <- ci[[2]]
  row
}

# Joint ranks from simultaneous t intervals (Klein, Wright & Wieczorek 2020; Sidak 1967).
joint_ranks <- function(rows) {
  ranked <- !is.na(rows$ci_low) & rows$se > 0
  each <- rows[ranked, ]
  half <- qt((1 + (2 * upper - 1)^(1 / nrow(each))) / 2, each$df) * each$se
  low <- each$estimate - half
  high <- each$estimate + half
  data.frame(statistic = "rank", variable = each$variable, domain = each$domain,
             estimate = rank(-each$estimate, ties.method = "min"), se = NA,
             ci_low = 1 + sapply(high, function(h) sum(low > h)), ci_high = sapply(low, function(l) sum(high >= l)),
             df = each$df, n = each$n, n_eff = NA, deff = NA)
}

measure <- function(statistic, variable, y, x = y, share = NA) {
  rows <- do.call(rbind, lapply(domains, function(domain) estimate(statistic, variable, domain, y, x, share)))
  if (ranks) rows <- rbind(rows, joint_ranks(rows))
  results <<- rbind(results, rows)
}
results <- NULL
