// Attached by [data-zone-choice]: offers the zone in which times are shown, for without a choice the server knows the brand's only.
import { zone } from "./times.js";
import { SAME_AS } from "./zones.js";

for (const choice of document.querySelectorAll("[data-zone-choice]")) {
  const own = SAME_AS[zone()] ?? zone();
  if ([...choice.options].some((option) => option.value === own)) choice.value = own;
}
