export const dialogs = {
  cancel: 'Cancel',
  close: 'Close',
  done: 'Done',
  save: 'Save',
};
