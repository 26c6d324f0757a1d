import { Alert, Button, Card, Group, PasswordInput, Stack, Text, Title } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { call } from "../api/client";
import { ApiError } from "../api/error";
import { useUser } from "../app/session";
import { t } from "../i18n";
import { notifyDone } from "../shared/notify";
import { Page } from "../shared/Page";
import { sayError } from "../shared/states";
import classes from "../system/system.module.css";

/** Who is signed in, and a new password. */
export function Component() {
  const user = useUser();
  return (
    <Page title={t("account.title")}>
      <div className={classes.two}>
        <Card>
          <Title order={2} size="h3" mb="sm">
            {t("account.who")}
          </Title>
          <dl className={classes.facts}>
            {user.name && (
              <div>
                <dt>{t("account.name")}</dt>
                <dd>{user.name}</dd>
              </div>
            )}
            <div>
              <dt>{t("account.email")}</dt>
              <dd>{user.email}</dd>
            </div>
            <div>
              <dt>{t("account.role")}</dt>
              <dd>{t(`role.${user.role}`)}</dd>
            </div>
          </dl>
        </Card>
        <Card>
          <Title order={2} size="h3">
            {t("account.password")}
          </Title>
          <Text size="sm" c="dimmed" mb="md">
            {t("account.passwordText")}
          </Text>
          <PasswordForm email={user.email} />
        </Card>
      </div>
    </Page>
  );
}

function PasswordForm({ email }: { email: string }) {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [different, setDifferent] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const at = (place: string) => (error instanceof ApiError ? error.at(place) : undefined);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setError(null);
    setDifferent(next !== again);
    if (next !== again) return;
    setBusy(true);
    try {
      await call("POST", "/api/v1/session/password", { body: { current, password: next } });
      notifyDone(t("account.changed"));
      setCurrent("");
      setNext("");
      setAgain("");
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  }

  return (
    <form onSubmit={(e) => void submit(e)} noValidate>
      <Stack>
        {error !== null && !at("/current") && !at("/password") && (
          <Alert color="red" role="alert">
            {sayError(error).text}
          </Alert>
        )}
        <input type="email" name="email" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput label={t("account.current")} description={t("account.currentHint")} autoComplete="current-password" value={current} error={at("/current")} aria-invalid={Boolean(at("/current"))} onChange={(e) => setCurrent(e.currentTarget.value)} />
        <PasswordInput label={t("account.new")} description={t("account.newHint")} autoComplete="new-password" value={next} error={at("/password")} aria-invalid={Boolean(at("/password"))} onChange={(e) => setNext(e.currentTarget.value)} />
        <PasswordInput label={t("account.repeat")} autoComplete="new-password" value={again} error={different && t("account.different")} aria-invalid={different} onChange={(e) => setAgain(e.currentTarget.value)} />
        <Group justify="flex-end">
          <Button type="submit" loading={busy} disabled={next === ""}>
            {t("account.submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
