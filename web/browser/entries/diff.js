import '../styles/diagram.css';
import '../styles/designer.css';
import '../designer/diff.js';
