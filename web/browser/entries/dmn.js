import '../styles/dmn-editor.css';
import '../styles/designer.css';
import '../designer/dmn-editor.js';
