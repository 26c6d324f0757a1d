import { Alert, Button, List, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconUserSearch } from "@tabler/icons-react";
import type { Problem } from "../api/error";
import { t } from "../i18n";
import { formatNumber, formatShare, roundEstimate } from "../i18n/format";
import { sayError } from "../shared/states";
import { Time } from "../shared/Time";
import classes from "./builder.module.css";
import type { Preview } from "./usePreview";

interface SummaryProps {
  preview: Preview;
  isEmpty: boolean;
  onTest: () => void;
  /** A problem in words, with the condition it is in. */
  say: (problem: Problem) => string;
  onShowProblem: (location: string) => void;
}

/** The whole condition at a glance: how many, in words, and what is wrong. */
export function Summary({ preview, isEmpty, onTest, say, onShowProblem }: SummaryProps) {
  const { total, stale } = preview;
  const guess = total?.range && roundEstimate(total.count, total.range);
  const about = guess && t(guess.few ? "builder.fewer" : "builder.about", { count: guess.count, high: guess.high });
  const share = total && total.contacts > 0 ? total.count / total.contacts : 0;
  // Two fields of one parameter that are both empty are one place to look at.
  const places = preview.problems.filter((p, i, all) => all.findIndex((other) => say(other) === say(p)) === i);
  const finished = preview.problems.filter((p) => p.code !== "required");
  return (
    <aside className={classes.summary} aria-label={t("builder.total")}>
      <div className={classes.panel}>
        <Text size="sm" c="dimmed">
          {t("builder.total")}
        </Text>
        <div className={stale ? `${classes.total} ${classes.stale}` : classes.total} data-testid="total" data-stale={stale || undefined} data-estimated={guess ? true : undefined}>
          {about ?? (total ? formatNumber(total.count) : "…")}
        </div>
        <div className={classes.wideBar} data-estimated={guess ? true : undefined} aria-hidden>
          <span style={{ width: `${share * 100}%` }} />
        </div>
        <Text size="sm" c="dimmed" mih={22}>
          {guess ? t("builder.range", { low: guess.low, high: guess.high }) : total && t("builder.ofAll", { share: formatShare(share), all: t("count.contacts", { n: total.contacts }) })}
        </Text>
        <Text size="xs" c="dimmed" mih={18}>
          {stale && !preview.error ? t("builder.stale") : guess && !preview.error ? t("builder.estimated") : total && <>{t("builder.asOf", { time: "" })}<Time at={total.as_of} relative={false} /></>}
        </Text>
        <div className={classes.hidden} role="status">
          {!stale && total && (about ? t("builder.sayEstimate", { about }) : t("count.contacts", { n: total.count }))}
        </div>
        {preview.error !== null && (
          <Alert color="amber" mt="sm" title={t("builder.previewFailed")} icon={<IconAlertTriangle aria-hidden />}>
            <Stack gap="xs" align="flex-start">
              {sayError(preview.error).text}
              <Button size="compact-sm" variant="default" onClick={preview.retry}>
                {t("do.retry")}
              </Button>
            </Stack>
          </Alert>
        )}
        <Button mt="md" fullWidth variant="light" leftSection={<IconUserSearch size={17} aria-hidden />} onClick={onTest} disabled={isEmpty}>
          {t("test.title")}
        </Button>
      </div>
      <div className={classes.panel}>
        <Title order={2} size="h3" mb={6}>
          {t("builder.inWords")}
        </Title>
        <Text className="break" data-testid="sentence" c={stale ? "dimmed" : undefined}>
          {total ? total.sentence || t("builder.nobody") : "…"}
        </Text>
      </div>
      {preview.problems.length > 0 && (
        <div className={classes.panel}>
          <Title order={2} size="h3" mb={6} c={finished.length ? "red" : undefined}>
            {t("builder.problems", { n: places.length })}
          </Title>
          <List size="sm" spacing={6} listStyleType="none">
            {places.slice(0, 6).map((p) => (
              <List.Item key={say(p)}>
                {say(p)}{" "}
                <Button size="compact-xs" variant="subtle" onClick={() => onShowProblem(p.location)}>
                  {t("builder.goToProblem")}
                </Button>
              </List.Item>
            ))}
          </List>
        </div>
      )}
    </aside>
  );
}
