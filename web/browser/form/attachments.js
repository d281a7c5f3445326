import { upload } from './upload.js';
import { say } from './words.js';

/** A plain file input beside a form: the file is sent at once, and its id goes into the hidden field that `data-upload-into` names. */
document.addEventListener('change', async event => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.dataset.uploadInto || !input.files.length) return;
  const target = document.querySelector(input.dataset.uploadInto);
  const status = input.parentElement.querySelector('[role="status"]');
  target.value = '';
  input.dataset.uploading = 'true';
  try {
    const stored = await upload(input.files[0], percent => { status.textContent = say('uploading', { percent }); });
    target.value = stored.id;
    status.textContent = `${stored.name} · ${say('uploaded')}`;
  } catch (error) {
    status.textContent = say('uploadFailed', { reason: error.message });
  } finally {
    delete input.dataset.uploading;
  }
});
