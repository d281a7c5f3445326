import { Checkbox, Checklist, Radio, Select, Taglist } from './choices.jsx';
import { Group, Rows, Table } from './containers.jsx';
import { Datetime } from './datetime.jsx';
import { Files } from './files.jsx';
import { Number_ } from './number.jsx';
import { Text, Textarea, Textfield } from './text.jsx';

/** Our widgets by form-js type. */
export const widgets = [ Checkbox, Checklist, Datetime, Files, Group, Number_, Radio, Rows, Select, Table, Taglist, Text, Textarea, Textfield ];
