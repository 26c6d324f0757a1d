import { Tooltip } from "@mantine/core";
import { t } from "../i18n";
import { formatCompact, formatNumber, formatShare, roundEstimate } from "../i18n/format";
import classes from "./builder.module.css";
import { useBuilder } from "./context";

/** How many contacts a part of the condition matches, with its share as a bar. */
export function Count({ id, unfinished }: { id: string; unfinished?: boolean }) {
  const { news, stale, contacts } = useBuilder();
  const { count, range } = news.get(id) ?? {};
  if (count === undefined) {
    return <span className={classes.count}>{unfinished ? <span className={classes.unfinished}>{t("builder.unfinished")}</span> : <span className={classes.countNumber}>…</span>}</span>;
  }
  const share = contacts > 0 ? count / contacts : 0;
  const guess = range && roundEstimate(count, range);
  const full = guess
    ? t("builder.likely", { about: t(guess.few ? "builder.fewer" : "builder.about", { count: guess.count, high: guess.high }), low: guess.low, high: guess.high })
    : `${t("count.contacts", { n: count })}, ${formatShare(share)}`;
  return (
    <Tooltip label={full}>
      <span className={classes.count} data-stale={stale || undefined} data-estimated={guess ? true : undefined}>
        <span className={classes.countNumber} aria-hidden>
          {guess ? (guess.few ? `< ${guess.high}` : `≈ ${guess.count}`) : count < 1e7 ? formatNumber(count) : formatCompact(count)}
        </span>
        <span className={classes.bar} aria-hidden>
          <span style={{ width: `${Math.max(share * 100, count > 0 ? 2 : 0)}%` }} />
        </span>
        <span className={classes.hidden}>{full}</span>
      </span>
    </Tooltip>
  );
}
