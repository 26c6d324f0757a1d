import { createTheme, type MantineColorsTuple } from "@mantine/core";

// Spruce is the accent: calm, and dark enough for white text from shade 6 on.
const spruce: MantineColorsTuple = [
  "#eef6f3",
  "#dcebe6",
  "#b6d6cc",
  "#8cc0b0",
  "#68ad99",
  "#3f9079",
  "#277763",
  "#1d5f55",
  "#174e46",
  "#0f3a34",
];

// Neutrals with a trace of green, so that cards sit on paper instead of grey.
const gray: MantineColorsTuple = [
  "#f7f8f6",
  "#eff1ee",
  "#e2e6e1",
  "#d2d8d2",
  "#b9c1ba",
  "#8d978f",
  "#69736c",
  "#505953",
  "#363d39",
  "#1e2421",
];

const dark: MantineColorsTuple = [
  "#d6dcd8",
  "#b7c0ba",
  "#929c96",
  "#5e6963",
  "#3b4540",
  "#2e3733",
  "#242b28",
  "#1b211e",
  "#151a18",
  "#0f1312",
];

const amber: MantineColorsTuple = [
  "#fff6e6",
  "#fdebcb",
  "#f8d59b",
  "#f3be67",
  "#efab3e",
  "#dc9318",
  "#b57508",
  "#8a5806",
  "#6b4407",
  "#4d3105",
];

// Brick: dark enough for white text, and as text on paper.
const red: MantineColorsTuple = [
  "#fdf1ef",
  "#fae0dc",
  "#f3bdb6",
  "#eb978d",
  "#e1766c",
  "#d4504a",
  "#c23a33",
  "#b3261e",
  "#931c16",
  "#6f130f",
];

const system = `ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif`;

export const theme = createTheme({
  colors: { spruce, gray, dark, amber, red },
  primaryColor: "spruce",
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.3,
  black: "#1a201d",
  defaultRadius: "md",
  cursorType: "pointer",
  respectReducedMotion: true,
  fontFamily: system,
  fontFamilyMonospace: `ui-monospace, "SF Mono", "Cascadia Mono", "Segoe UI Mono", "Roboto Mono", Menlo, Consolas, monospace`,
  headings: {
    fontFamily: system,
    fontWeight: "640",
    sizes: {
      h1: { fontSize: "1.625rem", lineHeight: "1.25" },
      h2: { fontSize: "1.1875rem", lineHeight: "1.35" },
      h3: { fontSize: "1rem", lineHeight: "1.4" },
    },
  },
  components: {
    Button: { defaultProps: { radius: "md" } },
    Card: { defaultProps: { withBorder: true, radius: "lg", padding: "lg" } },
    Paper: { defaultProps: { radius: "lg" } },
    Modal: { defaultProps: { radius: "lg", centered: true, overlayProps: { backgroundOpacity: 0.45, blur: 2 } } },
    Tooltip: { defaultProps: { withArrow: true, openDelay: 300, multiline: true } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray" } },
    Table: { defaultProps: { verticalSpacing: "sm", horizontalSpacing: "md" } },
    Badge: { defaultProps: { variant: "light", radius: "sm", tt: "none", fw: 550 } },
    Skeleton: { defaultProps: { radius: "md" } },
  },
});
