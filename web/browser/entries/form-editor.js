import '../styles/form-editor.css';
import '../styles/designer.css';
import '../designer/form-editor.js';
