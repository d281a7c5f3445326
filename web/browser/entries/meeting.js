import '../styles/meeting.css';
import '../meeting/page.js';
