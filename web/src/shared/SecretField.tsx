import { Button, CopyButton, Group, TextInput } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";

interface SecretFieldProps {
  label: string;
  value: string;
  copy: string;
  copied: string;
}

/** Something that is shown once, to be copied. */
export function SecretField({ label, value, copy: copyLabel, copied: copiedLabel }: SecretFieldProps) {
  return (
    <Group align="flex-end" gap="xs">
      <TextInput label={label} readOnly value={value} onFocus={(e) => e.currentTarget.select()} style={{ flex: "1 1 220px" }} styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }} />
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <Button onClick={copy} data-autofocus leftSection={copied ? <IconCheck size={17} aria-hidden /> : <IconCopy size={17} aria-hidden />}>
            {copied ? copiedLabel : copyLabel}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
