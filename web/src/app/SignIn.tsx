import { Alert, Box, Button, Divider, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react";
import { useState, type FormEvent, type ReactNode } from "react";
import { useSearchParams } from "react-router";
import { ApiError } from "../api/error";
import { t } from "../i18n";
import { usePageTitle } from "../shared/Page";
import { sayError } from "../shared/states";
import { Logo } from "./Logo";
import { useMethods, useSignIn } from "./session";
import classes from "./SignIn.module.css";

export function SignInScreen() {
  usePageTitle(t("signIn.title"));
  return (
    <Entrance>
      <SignInForm autoFocus />
    </Entrance>
  );
}

/** The frame of what is seen before anybody is signed in. */
export function Entrance({ children }: { children: ReactNode }) {
  return (
    <Box component="main" className={classes.screen}>
      <Stack className={classes.column} gap="xl">
        <Stack gap={6} align="center" ta="center">
          <Logo size={48} />
          <Title order={1} mt="xs">
            {t("app.name")}
          </Title>
          <Text c="dimmed">{t("signIn.tagline")}</Text>
        </Stack>
        <Paper withBorder p="xl" className={classes.card}>
          {children}
        </Paper>
      </Stack>
    </Box>
  );
}

// What a provider's answer may be wrong with, by the code in the address.
const problems = ["oidc_refused", "oidc_no_account", "oidc_disabled", "oidc_unavailable"] as const;

export function SignInForm({ autoFocus = false }: { autoFocus?: boolean }) {
  const signIn = useSignIn();
  const methods = useMethods().data;
  const [params] = useSearchParams();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const problem = problems.find((p) => p === params.get("problem"));

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await signIn(email, password);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  const wrong = error instanceof ApiError && error.status === 401;
  return (
    <Stack>
      {methods?.first && (
        <Alert icon={<IconInfoCircle aria-hidden />} title={t("signIn.first")}>
          {t("signIn.firstText")}
        </Alert>
      )}
      {(error !== null || problem) && (
        <Alert color="red" icon={<IconAlertTriangle aria-hidden />} role="alert">
          {error === null ? problem && t(`signIn.${problem}`) : wrong ? t("signIn.wrong") : sayError(error).text}
        </Alert>
      )}
      {methods?.password !== false && (
        <form onSubmit={(e) => void submit(e)}>
          <Stack>
            <TextInput label={t("signIn.email")} type="email" name="email" autoComplete="username" required withAsterisk={false} autoFocus={autoFocus} value={email} onChange={(e) => setEmail(e.currentTarget.value)} />
            <PasswordInput label={t("signIn.password")} name="password" autoComplete="current-password" required withAsterisk={false} value={password} onChange={(e) => setPassword(e.currentTarget.value)} />
            <Button type="submit" loading={busy} fullWidth mt="xs">
              {t("signIn.submit")}
            </Button>
          </Stack>
        </form>
      )}
      {methods?.oidc && (
        <>
          {methods.password && <Divider label={t("signIn.or")} />}
          <Button component="a" variant="default" href={`${methods.oidc.start}?to=${encodeURIComponent(location.pathname)}`}>
            {t("signIn.oidc", { name: methods.oidc.name })}
          </Button>
        </>
      )}
    </Stack>
  );
}
