export const dialogs = {
  cancel: 'Cancel',
  done: 'Done',
  save: 'Save',
};
