import { Radio, Stack } from "@mantine/core";

interface RoleChoiceProps<R extends string> {
  label: string;
  roles: { value: R; label: string; text: string }[];
  value: R;
  onChange: (role: R) => void;
}

/** One of several roles, each with what it may do. */
export function RoleChoice<R extends string>({ label, roles, value, onChange }: RoleChoiceProps<R>) {
  return (
    <Radio.Group label={label} value={value} onChange={(v) => onChange(v as R)}>
      <Stack gap="xs" mt="xs">
        {roles.map((r) => (
          <Radio key={r.value} value={r.value} label={r.label} description={r.text} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
