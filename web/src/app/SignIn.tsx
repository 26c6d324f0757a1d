import { Alert, Box, Button, Paper, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState, type FormEvent } from "react";
import { t } from "../i18n";
import { usePageTitle } from "../shared/Page";
import { sayError } from "../shared/states";
import { Logo } from "./Logo";
import { useSignIn } from "./session";
import classes from "./SignIn.module.css";

export function SignInScreen() {
  usePageTitle(t("signIn.title"));
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
          <SignInForm autoFocus />
        </Paper>
      </Stack>
    </Box>
  );
}

export function SignInForm({ autoFocus = false }: { autoFocus?: boolean }) {
  const signIn = useSignIn();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

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

  return (
    <form onSubmit={submit}>
      <Stack>
        {error !== null && (
          <Alert color="red" icon={<IconAlertTriangle aria-hidden />} role="alert">
            {sayError(error).text}
          </Alert>
        )}
        <TextInput label={t("signIn.email")} type="email" name="email" autoComplete="username" required withAsterisk={false} autoFocus={autoFocus} value={email} onChange={(e) => setEmail(e.currentTarget.value)} />
        <PasswordInput label={t("signIn.password")} name="password" autoComplete="current-password" required withAsterisk={false} value={password} onChange={(e) => setPassword(e.currentTarget.value)} />
        <Button type="submit" loading={busy} fullWidth mt="xs">
          {t("signIn.submit")}
        </Button>
      </Stack>
    </form>
  );
}
