import '../styles/designer.css';
import '../designer/text-editor.js';
