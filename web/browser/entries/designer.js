import '../styles/bpmn-editor.css';
import '../styles/designer.css';
import '../designer/bpmn-editor.js';
