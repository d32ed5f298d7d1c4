/* Every behavior of the product. Each is one file and looks for one data attribute; none knows the others' pages. */
import "./behaviors/morph.js";
import "./behaviors/live.js";
import "./behaviors/list.js";
import "./behaviors/timeline.js";
import "./behaviors/composer.js";
import "./behaviors/note.js";
import "./behaviors/note_limit.js";
import "./behaviors/autogrow.js";
import "./behaviors/menu.js";
import "./behaviors/sheet.js";
import "./behaviors/shortcuts.js";
import "./behaviors/toast.js";
import "./behaviors/errors.js";
import "./behaviors/theme.js";
import "./behaviors/ago.js";
import "./behaviors/letter.js";
import "./behaviors/copy.js";
