/** Decides the colours of the four themes for panels that are drawn outside of the editor: what VS Code's own themes set. */

export const THEMES = ['dark', 'light', 'dark-contrast', 'light-contrast'] as const;
export type Theme = (typeof THEMES)[number];

const font = { 'font-family': '"DejaVu Sans", sans-serif', 'font-size': '13px', 'editor-font-family': '"DejaVu Sans Mono", monospace', 'editor-font-size': '12px' };

const dark = {
  foreground: '#cccccc', descriptionForeground: '#9d9d9d', disabledForeground: '#cccccc80', errorForeground: '#f85149', focusBorder: '#0078d4',
  'sideBar-background': '#181818', 'sideBarSectionHeader-foreground': '#cccccc', 'editor-background': '#1f1f1f', 'editor-foreground': '#cccccc', 'editorWidget-background': '#202020', 'editorWidget-foreground': '#cccccc', 'editorWidget-border': '#454545', 'widget-border': '#313131', 'panel-border': '#2b2b2b',
  'button-background': '#0078d4', 'button-foreground': '#ffffff', 'button-hoverBackground': '#026ec1', 'button-border': '#ffffff12', 'button-secondaryBackground': '#313131', 'button-secondaryForeground': '#cccccc', 'button-secondaryHoverBackground': '#3c3c3c',
  'badge-background': '#616161', 'badge-foreground': '#f8f8f8', 'textLink-foreground': '#4daafc', 'textCodeBlock-background': '#2b2b2b', 'list-hoverBackground': '#2a2d2e', 'list-activeSelectionBackground': '#04395e', 'list-activeSelectionForeground': '#ffffff', 'list-inactiveSelectionBackground': '#37373d',
  'input-background': '#313131', 'input-foreground': '#cccccc', 'input-border': '#3c3c3c', 'input-placeholderForeground': '#989898', 'dropdown-background': '#313131', 'dropdown-foreground': '#cccccc', 'dropdown-border': '#3c3c3c',
  'progressBar-background': '#0078d4', 'testing-iconPassed': '#73c991', 'editorWarning-foreground': '#cca700', 'inputValidation-warningBackground': '#352a05', 'inputValidation-warningBorder': '#b89500',
  'charts-blue': '#59a4f9', 'charts-green': '#89d185', 'charts-orange': '#d18616', 'charts-purple': '#b180d7', 'charts-red': '#f14c4c', 'charts-yellow': '#cca700', 'charts-lines': '#cccccc80',
  'diffEditor-insertedLineBackground': '#9bb95533', 'diffEditor-removedLineBackground': '#ff000033',
};

const light = {
  foreground: '#3b3b3b', descriptionForeground: '#3b3b3b', disabledForeground: '#61616180', errorForeground: '#f85149', focusBorder: '#005fb8',
  'sideBar-background': '#f8f8f8', 'sideBarSectionHeader-foreground': '#3b3b3b', 'editor-background': '#ffffff', 'editor-foreground': '#3b3b3b', 'editorWidget-background': '#f8f8f8', 'editorWidget-foreground': '#3b3b3b', 'editorWidget-border': '#c8c8c8', 'widget-border': '#e5e5e5', 'panel-border': '#e5e5e5',
  'button-background': '#005fb8', 'button-foreground': '#ffffff', 'button-hoverBackground': '#0258a8', 'button-border': '#0000001a', 'button-secondaryBackground': '#e5e5e5', 'button-secondaryForeground': '#3b3b3b', 'button-secondaryHoverBackground': '#cccccc',
  'badge-background': '#cccccc', 'badge-foreground': '#3b3b3b', 'textLink-foreground': '#005fb8', 'textCodeBlock-background': '#f8f8f8', 'list-hoverBackground': '#f2f2f2', 'list-activeSelectionBackground': '#e8e8e8', 'list-activeSelectionForeground': '#000000', 'list-inactiveSelectionBackground': '#e4e6f1',
  'input-background': '#ffffff', 'input-foreground': '#3b3b3b', 'input-border': '#cecece', 'input-placeholderForeground': '#767676', 'dropdown-background': '#ffffff', 'dropdown-foreground': '#3b3b3b', 'dropdown-border': '#cecece',
  'progressBar-background': '#005fb8', 'testing-iconPassed': '#388a34', 'editorWarning-foreground': '#bf8803', 'inputValidation-warningBackground': '#f6f5d2', 'inputValidation-warningBorder': '#b89500',
  'charts-blue': '#1a85ff', 'charts-green': '#388a34', 'charts-orange': '#d18616', 'charts-purple': '#652d90', 'charts-red': '#e51400', 'charts-yellow': '#bf8803', 'charts-lines': '#3b3b3b80',
  'diffEditor-insertedLineBackground': '#9bb95533', 'diffEditor-removedLineBackground': '#ff000033',
};

/** High contrast leaves most backgrounds unset: borders tell. */
const darkContrast = {
  foreground: '#ffffff', descriptionForeground: '#ffffffb3', disabledForeground: '#a5a5a5', errorForeground: '#f48771', focusBorder: '#f38518', contrastBorder: '#6fc3df', contrastActiveBorder: '#f38518',
  'sideBar-background': '#000000', 'editor-background': '#000000', 'editor-foreground': '#ffffff', 'editorWidget-background': '#0c141f', 'editorWidget-foreground': '#ffffff', 'editorWidget-border': '#6fc3df', 'widget-border': '#6fc3df', 'panel-border': '#6fc3df',
  'button-foreground': '#ffffff', 'button-background': '#000000', 'button-border': '#6fc3df', 'button-secondaryForeground': '#ffffff', 'badge-background': '#000000', 'badge-foreground': '#ffffff', 'textLink-foreground': '#21a6ff', 'textCodeBlock-background': '#000000', 'list-hoverBackground': '#ffffff1a',
  'input-background': '#000000', 'input-foreground': '#ffffff', 'input-border': '#6fc3df', 'input-placeholderForeground': '#ffffffb3', 'dropdown-background': '#000000', 'dropdown-foreground': '#ffffff', 'dropdown-border': '#6fc3df',
  'progressBar-background': '#6fc3df', 'testing-iconPassed': '#73c991', 'editorWarning-foreground': '#ffd370', 'inputValidation-warningBackground': '#000000', 'inputValidation-warningBorder': '#6fc3df',
  'charts-blue': '#59a4f9', 'charts-green': '#89d185', 'charts-orange': '#d18616', 'charts-purple': '#b180d7', 'charts-red': '#f48771', 'charts-yellow': '#ffd370', 'charts-lines': '#ffffff80',
};

const lightContrast = {
  foreground: '#292929', descriptionForeground: '#292929', disabledForeground: '#7f7f7f', errorForeground: '#b5200d', focusBorder: '#006bbd', contrastBorder: '#0f4a85', contrastActiveBorder: '#006bbd',
  'sideBar-background': '#ffffff', 'editor-background': '#ffffff', 'editor-foreground': '#292929', 'editorWidget-background': '#ffffff', 'editorWidget-foreground': '#292929', 'editorWidget-border': '#0f4a85', 'widget-border': '#0f4a85', 'panel-border': '#0f4a85',
  'button-foreground': '#ffffff', 'button-background': '#0f4a85', 'button-border': '#0f4a85', 'button-hoverBackground': '#0f4a85', 'button-secondaryForeground': '#292929', 'button-secondaryBackground': '#ffffff', 'badge-background': '#0f4a85', 'badge-foreground': '#ffffff', 'textLink-foreground': '#0f4a85', 'textCodeBlock-background': '#f2f2f2', 'list-hoverBackground': '#0f4a851a',
  'input-background': '#ffffff', 'input-foreground': '#292929', 'input-border': '#0f4a85', 'input-placeholderForeground': '#292929b3', 'dropdown-background': '#ffffff', 'dropdown-foreground': '#292929', 'dropdown-border': '#0f4a85',
  'progressBar-background': '#0f4a85', 'testing-iconPassed': '#007100', 'editorWarning-foreground': '#895503', 'inputValidation-warningBackground': '#ffffff', 'inputValidation-warningBorder': '#0f4a85',
  'charts-blue': '#1a85ff', 'charts-green': '#374e06', 'charts-orange': '#d18616', 'charts-purple': '#652d90', 'charts-red': '#b5200d', 'charts-yellow': '#895503', 'charts-lines': '#29292980',
};

const COLOURS: Readonly<Record<Theme, Readonly<Record<string, string>>>> = { dark, light, 'dark-contrast': darkContrast, 'light-contrast': lightContrast };

/** As the editor puts them on the root element of a webview. */
export function themeCss(theme: Theme): string {
  return `:root{color-scheme:${theme.startsWith('dark') ? 'dark' : 'light'};${Object.entries({ ...font, ...COLOURS[theme] }).map(([name, value]) => `--vscode-${name}:${value};`).join('')}}`;
}
