#!/usr/bin/env bash
# Files no one here wrote: five years of an airport's survey as five rounds, and messages to a mayor's mailbox.
set -euo pipefail
binary=$1 real=$2
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
airport="$work/airport"
"$binary" migrate --data "$airport" --world airport
"$binary" user add leader --role office_leader --data "$airport" >/dev/null
"$binary" user add commission --role discipline_commission --data "$airport" >/dev/null
"$binary" user confirm leader commission --data "$airport" >/dev/null
for year in 2010 2011 2012 2013 2014; do
  "$binary" round create $year --data "$airport"
  "$binary" round open $year --data "$airport"
  "$binary" import survey "$real/airport-survey/$year.csv" --round $year --data "$airport" \
    --mapping "$root/survey-templates/examples/airport/mapping-$year.json"
  "$binary" round close $year --yes --data "$airport"
  "$binary" round score $year --data "$airport"
  "$binary" round freeze $year --check-only --data "$airport"
  "$binary" round freeze $year --yes --by leader --data "$airport"
  for who in leader leader commission commission; do
    "$binary" round publish $year --yes --by $who --data "$airport"
  done
done >"$work/log"
"$binary" export trend --json --data "$airport" >"$work/trend.json"
HUIYIN_REAL_DATA="$real" python3 "$root/tests/independent/airport.py" "$work/trend.json" >/dev/null
mailbox="$work/mailbox"
"$binary" migrate --data "$mailbox" --world mailbox
"$binary" round create 2020 --data "$mailbox"
"$binary" round open 2020 --data "$mailbox"
"$binary" import hotline "$real/chinese-messages/messages_with_replies_small.xlsx" --round 2020 --data "$mailbox" --json \
  --mapping "$root/survey-templates/examples/mailbox/mapping.json" >"$work/messages_with_replies_small.json"
for messages in labelled_messages messages_small; do
  "$binary" import hotline "$real/chinese-messages/$messages.xlsx" --round 2020 --data "$mailbox" --json \
    --mapping "$root/survey-templates/examples/mailbox/mapping-messages.json" >"$work/$messages.json"
done
python3 "$root/tests/independent/count_messages.py" "$real/chinese-messages" "$work"
